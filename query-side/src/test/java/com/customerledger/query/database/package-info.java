/** Tests of the read side on a real database. */
@NullMarked
package com.customerledger.query.database;

import org.jspecify.annotations.NullMarked;
