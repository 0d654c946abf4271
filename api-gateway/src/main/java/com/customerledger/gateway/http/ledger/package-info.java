/** What proves the ledger to others: receipts, checkpoints and the key that signs them. */
@NullMarked
package com.customerledger.gateway.http.ledger;

import org.jspecify.annotations.NullMarked;
