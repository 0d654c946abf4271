/** The read side's connections to the database, and what its errors mean. */
@NullMarked
package com.customerledger.query.database;

import org.jspecify.annotations.NullMarked;
