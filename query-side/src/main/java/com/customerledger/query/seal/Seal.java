package com.customerledger.query.seal;

import com.customerledger.query.view.Generation;
import com.customerledger.query.view.View;

/**
 * The seal as what follows the events: it numbers each merchant's events and appends a leaf for every event. Signing the
 * tree's heads is another's affair, so that numbers are given where there is no key.
 */
final class Seal implements View {

    static final String NAME = "seal";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public int revision() {
        return 1;
    }

    /** None: the seal's tables are fixed ones. */
    @Override
    public String tables() {
        return "";
    }

    @Override
    public boolean isForEver() {
        return true;
    }

    @Override
    public Projection projection(Generation generation) {
        return new Sealing(Tables.LEDGER);
    }
}
