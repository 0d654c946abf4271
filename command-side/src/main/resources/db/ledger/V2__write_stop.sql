-- While there is a row, no node writes; see the seal's check of what it signed for.
CREATE TABLE ledger.write_stop (
    one    boolean     PRIMARY KEY DEFAULT true CHECK (one),
    reason text        NOT NULL,
    since  timestamptz NOT NULL DEFAULT now()
);

GRANT SELECT, INSERT, DELETE ON ledger.write_stop TO "${application_role}";
