/** How often a key may call. */
@NullMarked
package com.customerledger.gateway.http.limits;

import org.jspecify.annotations.NullMarked;
