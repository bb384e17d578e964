#!/usr/bin/env bash
# Run a command of manage.py on a Debian machine, as the service's user, with its settings and secrets. Run it as root:
#   deploy/manage.sh verify_ledger
#   deploy/manage.sh --owner migrate    # as the owner of the tables
# Give whole paths for files, which the service's user must be able to read.
set -euo pipefail
[ "$(id -u)" -eq 0 ] || { echo "Run this as root." >&2; exit 2; }
config=/etc/prevent-tracker database=DATABASE_URL
if [ "${1:-}" = --owner ]; then database=OWNER_DATABASE_URL; shift; fi
cd "$(dirname "${BASH_SOURCE[0]}")/.."
set -a
. $config/settings
for name in SECRET_KEY WEBHOOK_SECRET_KEYS LEDGER_SIGNING_KEY EMAIL_URL; do declare "$name=$(cat "$config/secrets/$name")"; done
DATABASE_URL=$(cat "$config/secrets/$database")
HOME=$DATA_DIR
exec runuser --user prevent-tracker --preserve-environment -- .venv/bin/python manage.py "$@"
