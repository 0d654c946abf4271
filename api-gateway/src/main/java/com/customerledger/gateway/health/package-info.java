/** Whether this node answers: in one word for merchants and load balancers, in detail for operators. */
@NullMarked
package com.customerledger.gateway.health;

import org.jspecify.annotations.NullMarked;
