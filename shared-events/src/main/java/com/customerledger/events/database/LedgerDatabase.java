package com.customerledger.events.database;

/**
 * The PostgreSQL database of this ledger and the two roles on it. The owner makes and owns the fixed tables; the
 * application's role owns nothing of the event table, and may only read it and append to it. On an external database
 * without an owner role of its own both are the same.
 *
 * @param url a JDBC URL without credentials
 * @param owner makes the fixed tables
 * @param application does everything else
 * @param embedded whether it is the server that this ledger starts itself
 */
public record LedgerDatabase(String url, Role owner, Role application, boolean embedded) {

    /** A database role that can log in. */
    public record Role(String user, String password) {

        /** Without the password. */
        @Override
        public String toString() {
            return "Role[" + user + "]";
        }
    }
}
