/** The seal: one Merkle tree over all events with signed heads, and the proof that nothing was altered. */
@NullMarked
package com.customerledger.query.seal;

import org.jspecify.annotations.NullMarked;
