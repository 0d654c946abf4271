/** The views of customers, as they are and as they were, and the queries that are answered from them. */
@NullMarked
package com.customerledger.query.customers;

import org.jspecify.annotations.NullMarked;
