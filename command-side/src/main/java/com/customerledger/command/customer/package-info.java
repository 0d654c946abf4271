/** The Customer aggregate, and the batches of customers and payments that are decided on it. */
@NullMarked
package com.customerledger.command.customer;

import org.jspecify.annotations.NullMarked;
