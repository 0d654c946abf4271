/** The calls about running payments. */
@NullMarked
package com.customerledger.gateway.http.payments;

import org.jspecify.annotations.NullMarked;
