/** The calls about lookups. */
@NullMarked
package com.customerledger.gateway.http.lookups;

import org.jspecify.annotations.NullMarked;
