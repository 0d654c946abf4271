/** Where the ledger is stored, as plain data that the sides make their own connections from. */
@NullMarked
package com.customerledger.events.database;

import org.jspecify.annotations.NullMarked;
