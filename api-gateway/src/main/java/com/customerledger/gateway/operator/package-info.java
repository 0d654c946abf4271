/** The operators' port: who may use it, where it is, and what a node says of itself when it is ready. */
@NullMarked
package com.customerledger.gateway.operator;

import org.jspecify.annotations.NullMarked;
