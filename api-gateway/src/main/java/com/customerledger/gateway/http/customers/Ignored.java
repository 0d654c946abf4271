package com.customerledger.gateway.http.customers;

/** The members that a client may send back because it read them, and that mean nothing. */
final class Ignored {

    private Ignored() {}

    /** Whether the member is ignored wherever it stands. */
    static boolean is(String name) {
        return name.equals("created_at") || name.equals("updated_at") || name.equals("deleted_at");
    }
}
