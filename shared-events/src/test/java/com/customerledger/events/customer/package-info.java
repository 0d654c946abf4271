/** What a customer is, and what its fields may hold. */
@NullMarked
package com.customerledger.events.customer;

import org.jspecify.annotations.NullMarked;
