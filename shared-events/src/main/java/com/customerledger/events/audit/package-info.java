/** What auditors and operators ask of the seal: proofs with the ledger at hand, and without it. */
@NullMarked
package com.customerledger.events.audit;

import org.jspecify.annotations.NullMarked;
