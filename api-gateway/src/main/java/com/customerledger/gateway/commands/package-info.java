/** The {@code ./ledger} commands. */
@NullMarked
package com.customerledger.gateway.commands;

import org.jspecify.annotations.NullMarked;
