/** The PostgreSQL that ships with the ledger, and the data directory it lives in. */
@NullMarked
package com.customerledger.command.database.embedded;

import org.jspecify.annotations.NullMarked;
