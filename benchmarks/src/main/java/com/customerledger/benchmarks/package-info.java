/** Measurements, run by hand with JMH and never by the build. */
@NullMarked
package com.customerledger.benchmarks;

import org.jspecify.annotations.NullMarked;
