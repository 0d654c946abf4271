/** Calls about how many customers there are. */
@NullMarked
package com.customerledger.gateway.http.statistics;

import org.jspecify.annotations.NullMarked;
