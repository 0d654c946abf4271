/** Measurements of single hot paths, run by {@code ./ledger bench} and never by the build. */
@NullMarked
package com.customerledger.benchmarks;

import org.jspecify.annotations.NullMarked;
