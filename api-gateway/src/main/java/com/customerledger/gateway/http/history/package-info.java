/** Who changed what: the history of a customer, who set its fields, and the feed of a merchant's events. */
@NullMarked
package com.customerledger.gateway.http.history;

import org.jspecify.annotations.NullMarked;
