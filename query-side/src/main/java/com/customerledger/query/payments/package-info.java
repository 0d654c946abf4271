/** The view of payments. */
@NullMarked
package com.customerledger.query.payments;

import org.jspecify.annotations.NullMarked;
