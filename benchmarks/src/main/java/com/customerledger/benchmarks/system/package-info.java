/** Measurements of a whole ledger, a real server with its own PostgreSQL, with the floor of each beside it. */
@NullMarked
package com.customerledger.benchmarks.system;

import org.jspecify.annotations.NullMarked;
