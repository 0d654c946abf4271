/** The merchants' HTTP contract and the executable application. */
@NullMarked
package com.customerledger.gateway;

import org.jspecify.annotations.NullMarked;
