/** The API's description, and the page to try it from the browser. */
@NullMarked
package com.customerledger.gateway.openapi;

import org.jspecify.annotations.NullMarked;
