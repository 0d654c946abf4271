/** Tests of the API's description and its page. */
@NullMarked
package com.customerledger.gateway.openapi;

import org.jspecify.annotations.NullMarked;
