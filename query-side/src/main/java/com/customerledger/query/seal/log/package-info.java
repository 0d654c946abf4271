/** A transparency log without its storage: the tree's hashes and proofs (RFC 9162), signed notes and checkpoints (C2SP). */
@NullMarked
package com.customerledger.query.seal.log;

import org.jspecify.annotations.NullMarked;
