/** The read side: switched on as a whole by the properties of one node. */
@NullMarked
package com.customerledger.query;

import org.jspecify.annotations.NullMarked;
