/** Tests of the read side on a real database. */
@NullMarked
package com.customerledger.query.customers;

import org.jspecify.annotations.NullMarked;
