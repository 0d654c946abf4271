package com.customerledger.events;

/** How a payment collects. Stored by name: a constant is never renamed. */
public enum PaymentMethod {
    /** A debit order by electronic funds transfer; it follows the customer's updates. */
    EFT,
    /** A mandate that the payer confirmed; it keeps the customer's details as they were at its start. */
    DEBICHECK
}
