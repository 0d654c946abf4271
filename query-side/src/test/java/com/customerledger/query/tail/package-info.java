/** Tests of the read side on a real database. */
@NullMarked
package com.customerledger.query.tail;

import org.jspecify.annotations.NullMarked;
