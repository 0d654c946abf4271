/** The write side: decides what becomes of a request, and appends it to the ledger. */
@NullMarked
package com.customerledger.command;

import org.jspecify.annotations.NullMarked;
