-- The generations of every view. A generation has tables of its own, made by the view's SQL and named for its number.
CREATE TABLE views.generations (
    id         integer     GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    view       text        COLLATE "C" NOT NULL,
    generation integer     NOT NULL,
    revision   integer     NOT NULL,
    -- The zone in which the times in its rows are written.
    zone       text        NOT NULL,
    -- live: it answers queries. retired: its tables are to be dropped.
    state      text        NOT NULL CHECK (state IN ('live', 'retired')),
    tables     text[]      NOT NULL,
    made_at    timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT generations_of_a_view UNIQUE (view, generation)
);

CREATE UNIQUE INDEX generations_live ON views.generations (view) WHERE state = 'live';

-- How far each generation has come: one row each, moved in the transaction of the generation's writes. It moves by a new
-- row, not by an update: the newest row is found at the end of the index at once, however many dead ones a long-running
-- read keeps from being vacuumed.
CREATE TABLE views.positions (
    generation_id integer NOT NULL,
    position      bigint  NOT NULL,
    PRIMARY KEY (generation_id, position)
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000, autovacuum_vacuum_insert_threshold = -1);

GRANT USAGE, CREATE ON SCHEMA views TO "${application_role}";
GRANT SELECT, INSERT, UPDATE, DELETE ON views.generations, views.positions TO "${application_role}";
