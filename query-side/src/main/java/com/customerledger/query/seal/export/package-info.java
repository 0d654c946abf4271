/** A merchant's events taken out of the ledger with their proofs, and verified without it. */
@NullMarked
package com.customerledger.query.seal.export;

import org.jspecify.annotations.NullMarked;
