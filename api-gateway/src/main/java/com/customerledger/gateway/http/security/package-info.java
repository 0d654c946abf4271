/** Who may call what: HTTP's basic authentication with API keys, and the rules of each kind of key. */
@NullMarked
package com.customerledger.gateway.http.security;

import org.jspecify.annotations.NullMarked;
