/** Tests of merchants and keys, on a real PostgreSQL. */
@NullMarked
package com.customerledger.gateway.keys;

import org.jspecify.annotations.NullMarked;
