/** Real ledgers in processes of their own, their databases, and those who call them: what soak and the benchmarks play on. */
@NullMarked
package com.customerledger.gateway.stage;

import org.jspecify.annotations.NullMarked;
