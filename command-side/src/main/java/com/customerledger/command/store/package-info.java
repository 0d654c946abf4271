/** The event store on PostgreSQL: Axon's storage engine, one number a transaction, and the bound of a write. */
@NullMarked
package com.customerledger.command.store;

import org.jspecify.annotations.NullMarked;
