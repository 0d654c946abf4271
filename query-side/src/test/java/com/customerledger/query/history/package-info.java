/** The history of customers and the feeds of events, on a real database. */
@NullMarked
package com.customerledger.query.history;

import org.jspecify.annotations.NullMarked;
