package com.customerledger.query.seal;

/**
 * Where events and seal stand: in the ledger, or in a copy of it that may be damaged at will.
 *
 * @param events the event table
 * @param seal the schema of the seal's tables
 */
record Tables(String events, String seal) {

    static final Tables LEDGER = new Tables("ledger.events", "seal");

    /** The SQL, which names the ledger's own tables, for these. */
    String sql(String template) {
        return template.replace("ledger.events", events).replaceAll("\\bseal\\.", seal + ".");
    }
}
