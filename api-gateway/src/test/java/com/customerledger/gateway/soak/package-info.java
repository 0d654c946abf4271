/** The short form of the soak: each scenario once. */
@NullMarked
package com.customerledger.gateway.soak;

import org.jspecify.annotations.NullMarked;
