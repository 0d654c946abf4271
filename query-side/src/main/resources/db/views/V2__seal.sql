-- The seal: one Merkle tree over all events, in the store's order, and its signed heads. Unlike a view it is never made
-- again: what is here was told to others.
CREATE SCHEMA seal;

-- A short number for each merchant, since it stands in every leaf's row.
CREATE TABLE seal.merchants (
    merchant    integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    merchant_id text    COLLATE "C" NOT NULL UNIQUE
);

-- One leaf for each event. The number counts the merchant's events 1, 2, 3 … without a gap.
CREATE TABLE seal.leaves (
    leaf_index bigint  PRIMARY KEY,
    position   bigint  NOT NULL CONSTRAINT leaves_by_position UNIQUE,
    number     bigint  NOT NULL,
    merchant   integer NOT NULL,
    hash       bytea   NOT NULL,
    CONSTRAINT leaves_of_a_merchant UNIQUE (merchant, number)
);

-- The roots of the full subtrees of 256, 256², 256³ … leaves (level 1, 2, 3 …). The nodes in between are computed.
CREATE TABLE seal.nodes (
    level      smallint NOT NULL,
    node_index bigint   NOT NULL,
    hash       bytea    NOT NULL,
    PRIMARY KEY (level, node_index)
);

-- One row from the first signed head on, and one more each time that an operator accepted that events are lost.
CREATE TABLE seal.epochs (
    epoch      integer     PRIMARY KEY,
    origin     text        NOT NULL,
    public_key bytea       NOT NULL,
    -- How many leaves of the epoch before are kept, and what its key says to that.
    first_size bigint      NOT NULL,
    statement  text        NOT NULL,
    began_at   timestamptz NOT NULL
);

-- The signed heads, as C2SP checkpoints.
CREATE TABLE seal.heads (
    epoch     integer     NOT NULL REFERENCES seal.epochs,
    size      bigint      NOT NULL,
    root      bytea       NOT NULL,
    note      text        NOT NULL,
    signed_at timestamptz NOT NULL,
    PRIMARY KEY (epoch, size)
);

CREATE FUNCTION seal.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the seal only grows: % is refused', TG_OP USING ERRCODE = 'insufficient_privilege';
END
$$;

CREATE TRIGGER merchants_never_change
    BEFORE UPDATE OR DELETE OR TRUNCATE ON seal.merchants
    FOR EACH STATEMENT EXECUTE FUNCTION seal.refuse_change();
CREATE TRIGGER leaves_never_change
    BEFORE UPDATE OR DELETE OR TRUNCATE ON seal.leaves
    FOR EACH STATEMENT EXECUTE FUNCTION seal.refuse_change();
CREATE TRIGGER nodes_never_change
    BEFORE UPDATE OR DELETE OR TRUNCATE ON seal.nodes
    FOR EACH STATEMENT EXECUTE FUNCTION seal.refuse_change();
CREATE TRIGGER epochs_never_change
    BEFORE UPDATE OR DELETE OR TRUNCATE ON seal.epochs
    FOR EACH STATEMENT EXECUTE FUNCTION seal.refuse_change();
CREATE TRIGGER heads_never_change
    BEFORE UPDATE OR DELETE OR TRUNCATE ON seal.heads
    FOR EACH STATEMENT EXECUTE FUNCTION seal.refuse_change();

GRANT USAGE ON SCHEMA seal TO "${application_role}";
GRANT SELECT, INSERT ON ALL TABLES IN SCHEMA seal TO "${application_role}";
