/** Reads the store's events in order, whole transactions at a time, and never past one that may still come. */
@NullMarked
package com.customerledger.query.tail;

import org.jspecify.annotations.NullMarked;
