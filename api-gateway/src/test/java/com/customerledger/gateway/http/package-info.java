/** Tests of the merchants' contract, over real HTTP. */
@NullMarked
package com.customerledger.gateway.http;

import org.jspecify.annotations.NullMarked;
