-- The ledger. A position is the number of the transaction that appended the event, with the event's place in it in the
-- low bits; see the class Positions.
CREATE TABLE ledger.events (
    position     bigint      PRIMARY KEY,
    event_id     uuid        NOT NULL,
    aggregate_id text        COLLATE "C" NOT NULL,
    sequence     integer     NOT NULL,
    type         text        NOT NULL,
    revision     smallint    NOT NULL,
    occurred_at  timestamptz NOT NULL,
    payload      text        NOT NULL,
    metadata     text        NOT NULL,
    CONSTRAINT events_of_an_aggregate UNIQUE (aggregate_id, sequence)
);

-- Serves the events only, one number a transaction, and hands them out in order: with a larger cache a session would
-- use numbers below those that readers have passed.
CREATE SEQUENCE ledger.transaction_number AS bigint MINVALUE 1 CACHE 1;

CREATE FUNCTION ledger.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the events are the ledger: % is refused', TG_OP USING ERRCODE = 'insufficient_privilege';
END
$$;

CREATE TRIGGER events_never_change
    BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger.events
    FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();

-- Which customer a reference is taken by, archived ones included.
CREATE TABLE ledger.reference_claims (
    merchant_id text COLLATE "C" NOT NULL,
    reference   text COLLATE "C" NOT NULL,
    customer_id text COLLATE "C" NOT NULL,
    PRIMARY KEY (merchant_id, reference)
);

-- Which customer a payment was started for.
CREATE TABLE ledger.payment_claims (
    merchant_id text COLLATE "C" NOT NULL,
    payment_id  text COLLATE "C" NOT NULL,
    customer_id text COLLATE "C" NOT NULL,
    PRIMARY KEY (merchant_id, payment_id)
);

-- The first answer to each request that came with an idempotency key.
CREATE TABLE ledger.idempotency_keys (
    merchant_id     text        COLLATE "C" NOT NULL,
    idempotency_key text        COLLATE "C" NOT NULL,
    request         text        NOT NULL,
    answer          bytea       NOT NULL,
    stored_at       timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (merchant_id, idempotency_key)
);

CREATE INDEX idempotency_keys_by_age ON ledger.idempotency_keys (stored_at);

GRANT USAGE ON SCHEMA ledger TO "${application_role}";
GRANT SELECT, INSERT ON ledger.events TO "${application_role}";
GRANT SELECT, USAGE ON SEQUENCE ledger.transaction_number TO "${application_role}";
GRANT SELECT, INSERT, UPDATE, DELETE ON ledger.reference_claims, ledger.payment_claims, ledger.idempotency_keys
    TO "${application_role}";
