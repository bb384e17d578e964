#!/bin/sh
# Runs once, as the superuser, when the database's volume is new: what `manage.py database_roles` prints for a first start.
set -eu
psql --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" --set ON_ERROR_STOP=1 \
  --set owner_password="$OWNER_PASSWORD" --set service_password="$SERVICE_PASSWORD" <<'SQL'
CREATE ROLE "prevent_tracker_owner" LOGIN NOSUPERUSER NOCREATEROLE PASSWORD :'owner_password';
CREATE ROLE "prevent_tracker" LOGIN NOSUPERUSER NOCREATEROLE NOCREATEDB PASSWORD :'service_password';
ALTER DATABASE "prevent_tracker" OWNER TO "prevent_tracker_owner";
GRANT CONNECT ON DATABASE "prevent_tracker" TO "prevent_tracker";
SQL
