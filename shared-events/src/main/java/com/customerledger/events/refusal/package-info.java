/** Refusals as values: the closed list of error codes, and the faults of records. */
@NullMarked
package com.customerledger.events.refusal;

import org.jspecify.annotations.NullMarked;
