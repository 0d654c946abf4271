/** Tests of the view of how many customers there are. */
@NullMarked
package com.customerledger.query.statistics;

import org.jspecify.annotations.NullMarked;
