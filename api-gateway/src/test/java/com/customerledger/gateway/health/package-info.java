/** Tests of what a node says of itself, and of what it answers, while its database is away. */
@NullMarked
package com.customerledger.gateway.health;

import org.jspecify.annotations.NullMarked;
