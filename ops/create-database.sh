#!/bin/bash
# Run once by the database's image, when its volume is new: the two roles of the ledger and its database.
set -euo pipefail

psql --set ON_ERROR_STOP=1 --username "${POSTGRES_USER:-postgres}" --dbname postgres \
    --set password="$LEDGER_DATABASE_PASSWORD" --set owner_password="$LEDGER_DATABASE_OWNER_PASSWORD" <<'SQL'
CREATE ROLE ledger_owner LOGIN PASSWORD :'owner_password';
CREATE ROLE ledger LOGIN PASSWORD :'password';
CREATE DATABASE ledger OWNER ledger_owner TEMPLATE template0 ENCODING 'UTF8';
REVOKE ALL ON DATABASE ledger FROM PUBLIC;
GRANT CONNECT, TEMPORARY ON DATABASE ledger TO ledger;
SQL
