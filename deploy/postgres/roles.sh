#!/bin/sh
# Runs once, as the superuser, when the database's volume is new: what `manage.py database_roles` prints for a first start.
# The passwords are those of the two addresses in the files. PSQL may name another way to call psql.
set -eu
password_in() { sed -E 's|.*//[^:]+:([^@]+)@.*|\1|' "$1"; }
${PSQL:-psql} --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" --set ON_ERROR_STOP=1 <<SQL
\set owner_password '$(password_in "$OWNER_DATABASE_URL_FILE")'
\set service_password '$(password_in "$DATABASE_URL_FILE")'
CREATE ROLE "prevent_tracker_owner" LOGIN NOSUPERUSER NOCREATEROLE PASSWORD :'owner_password';
CREATE ROLE "prevent_tracker" LOGIN NOSUPERUSER NOCREATEROLE NOCREATEDB PASSWORD :'service_password';
ALTER DATABASE "prevent_tracker" OWNER TO "prevent_tracker_owner";
GRANT CONNECT ON DATABASE "prevent_tracker" TO "prevent_tracker";
SQL
