/** The embedded server's limits, the errors that it makes itself, and what surrounds every call. */
@NullMarked
package com.customerledger.gateway.http.server;

import org.jspecify.annotations.NullMarked;
