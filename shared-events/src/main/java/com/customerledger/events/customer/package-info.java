/** What a customer is to a merchant: the table of its fields, its lookups, and its record as the events make it. */
@NullMarked
package com.customerledger.events.customer;

import org.jspecify.annotations.NullMarked;
