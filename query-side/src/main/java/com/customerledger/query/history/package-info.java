/** Who changed what: the history of a customer, who set its fields, and the merchants' feeds of events. */
@NullMarked
package com.customerledger.query.history;

import org.jspecify.annotations.NullMarked;
