package com.customerledger.query.seal;

import java.time.Instant;

/**
 * A signed head of the tree.
 *
 * @param epoch the epoch that it was signed in
 * @param size how many leaves the tree has
 * @param root the tree's root
 * @param note the C2SP checkpoint with its signature
 */
@SuppressWarnings("ArrayRecordComponent") // Nobody compares heads.
record Head(int epoch, long size, byte[] root, String note, Instant signedAt) {}
