/** The decisions about customers and payments. */
@NullMarked
package com.customerledger.command.store;

import org.jspecify.annotations.NullMarked;
