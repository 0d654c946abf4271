/** The ledger's database: the embedded one or an external one, its roles and its fixed tables. */
@NullMarked
package com.customerledger.command.database;

import org.jspecify.annotations.NullMarked;
