/** The calls about customers. */
@NullMarked
package com.customerledger.gateway.http.customers;

import org.jspecify.annotations.NullMarked;
