/** The decisions about customers and payments. */
@NullMarked
package com.customerledger.command.customer;

import org.jspecify.annotations.NullMarked;
