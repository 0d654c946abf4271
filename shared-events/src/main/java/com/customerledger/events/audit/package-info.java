/** What auditors and operators ask of the seal. */
@NullMarked
package com.customerledger.events.audit;

import org.jspecify.annotations.NullMarked;
