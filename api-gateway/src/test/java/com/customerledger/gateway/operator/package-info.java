/** Tests of the operators' port. */
@NullMarked
package com.customerledger.gateway.operator;

import org.jspecify.annotations.NullMarked;
