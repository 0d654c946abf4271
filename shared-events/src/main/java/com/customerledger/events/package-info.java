/** The published language of the ledger: its events, their stored form, and the ids they speak of. */
@NullMarked
package com.customerledger.events;

import org.jspecify.annotations.NullMarked;
