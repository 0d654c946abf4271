CREATE TABLE gateway.merchants (
    merchant_id text        COLLATE "C" PRIMARY KEY,
    name        text        COLLATE "C" NOT NULL UNIQUE,
    created_at  timestamptz NOT NULL DEFAULT now()
);

-- Of a secret only its SHA-256 is kept: it is 256 random bits, so that there is nothing to guess and no salt is needed.
CREATE TABLE gateway.api_keys (
    api_key         text        COLLATE "C" PRIMARY KEY,
    merchant_id     text        COLLATE "C" NOT NULL REFERENCES gateway.merchants,
    name            text        NOT NULL,
    kind            text        NOT NULL CHECK (kind IN ('read-write', 'read-only', 'payments')),
    rate_per_second integer     CHECK (rate_per_second > 0),
    secret_sha256   bytea       NOT NULL CHECK (octet_length(secret_sha256) = 32),
    created_at      timestamptz NOT NULL DEFAULT now(),
    disabled_at     timestamptz
);

-- Has its one row from when the first start has made the merchant that one can try the ledger with.
CREATE TABLE gateway.first_start (
    only_row boolean     PRIMARY KEY DEFAULT true CHECK (only_row),
    ended_at timestamptz NOT NULL DEFAULT now()
);

GRANT USAGE ON SCHEMA gateway TO "${application_role}";
GRANT SELECT, INSERT ON gateway.merchants, gateway.first_start TO "${application_role}";
GRANT SELECT, INSERT, UPDATE (disabled_at) ON gateway.api_keys TO "${application_role}";
