-- building: it is being filled and answers nothing yet. live: it answers queries. former: it was live and still follows
-- the events, so that it can be again at once. retired: its tables are to be dropped.
ALTER TABLE views.generations DROP CONSTRAINT generations_state_check;
ALTER TABLE views.generations ADD CONSTRAINT generations_state_check
    CHECK (state IN ('building', 'live', 'former', 'retired'));

-- Since when it is in its state: the former one that was live last is the one to go back to.
ALTER TABLE views.generations ADD COLUMN state_since timestamptz NOT NULL DEFAULT now();

-- Statements that make indexes, kept until the generation has caught up.
ALTER TABLE views.generations ADD COLUMN deferred text[] NOT NULL DEFAULT '{}';

-- How long a command may take, in milliseconds, for all but the slowest hundredth, while the generation is being filled.
ALTER TABLE views.generations ADD COLUMN max_p99_ms integer CHECK (max_p99_ms > 0);

-- Why whoever fills it can't go on; null while it goes on.
ALTER TABLE views.generations ADD COLUMN trouble text;

CREATE UNIQUE INDEX generations_building ON views.generations (view) WHERE state = 'building';
