-- What a generation did with each event that it has seen: how many events of each kind, and the exclusive or of the
-- hashes of their ids. It stands beside the position, because it is moved with it: one row for both.
ALTER TABLE views.positions
    ADD COLUMN applied          bigint NOT NULL DEFAULT 0,
    ADD COLUMN applied_hash     bigint NOT NULL DEFAULT 0,
    ADD COLUMN not_handled      bigint NOT NULL DEFAULT 0,
    ADD COLUMN not_handled_hash bigint NOT NULL DEFAULT 0,
    ADD COLUMN parked           bigint NOT NULL DEFAULT 0,
    ADD COLUMN parked_hash      bigint NOT NULL DEFAULT 0,
    ADD COLUMN discarded        bigint NOT NULL DEFAULT 0,
    ADD COLUMN discarded_hash   bigint NOT NULL DEFAULT 0,
    -- Behind which position it was kept: 0, but for generations that are older than this.
    ADD COLUMN certified_from   bigint NOT NULL DEFAULT 0;

UPDATE views.positions SET certified_from = position;

-- The events that a generation could not apply, and those of the same customers that wait behind them.
CREATE TABLE views.letters (
    generation_id integer     NOT NULL,
    position      bigint      NOT NULL,
    event_id      uuid        NOT NULL,
    customer_id   text        COLLATE "C" NOT NULL,
    -- Null when not even that can be read.
    merchant_id   text        COLLATE "C",
    type          text        NOT NULL,
    -- Why it could not be applied; null for one that waits.
    cause         text,
    attempts      integer     NOT NULL DEFAULT 0,
    parked_at     timestamptz NOT NULL DEFAULT clock_timestamp(),
    -- What an operator asked for, until whoever fills the generation has done it.
    request       text        CHECK (request IN ('retry', 'discard')),
    -- Why it was discarded, from the request on.
    reason        text,
    discarded_at  timestamptz,
    PRIMARY KEY (generation_id, position)
);

CREATE INDEX letters_open ON views.letters (generation_id, merchant_id, customer_id) WHERE discarded_at IS NULL;

GRANT SELECT, INSERT, UPDATE, DELETE ON views.letters TO "${application_role}";
