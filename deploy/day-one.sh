#!/usr/bin/env bash
# Install Prevent Tracker on an empty Debian machine: docs/operations.md says what each step does and how to do it by hand.
# Safe to run again: what is there stays. Run it as root, in the unpacked code at /opt/prevent-tracker:
#   deploy/day-one.sh prevent.example.police.uk prevent-tracker@example.police.uk [FILE-WITH-THE-ADDRESS-OF-THE-MAIL-SERVER]
# Without the file it asks for that address, which has a password in it.
set -euo pipefail
[ $# -eq 2 ] || [ $# -eq 3 ] || { echo "Usage: $0 NAME-OF-THE-SERVICE SENDER [FILE-WITH-EMAIL_URL]" >&2; exit 2; }
[ "$(id -u)" -eq 0 ] || { echo "Run this as root." >&2; exit 2; }
site=$1 sender=$2 email_file=${3:+$(realpath "$3")}
code=/opt/prevent-tracker config=/etc/prevent-tracker data=/var/lib/prevent-tracker backups=/var/backups/prevent-tracker
cd "$(dirname "${BASH_SOURCE[0]}")/.."
[ "$PWD" = "$code" ] || { echo "Unpack the code at $code; this is $PWD." >&2; exit 2; }

begun=$SECONDS name=''
step() { finish; name=$1; begun=$SECONDS; echo "== $name"; }
finish() { [ -z "$name" ] || echo "-- $name: $((SECONDS - begun)) s"; }
with_systemd() { [ -d /run/systemd/system ]; }

step "Debian's packages"
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
apt-get install -y -qq --no-install-recommends make python3 python3-venv postgresql postgresql-client nginx-light openssl \
  ca-certificates curl fonts-liberation chrony >/dev/null

step "user and directories"
id prevent-tracker >/dev/null 2>&1 || useradd --system --home-dir $data --shell /usr/sbin/nologin prevent-tracker
install --directory --mode 0755 $config
install --directory --mode 0700 $config/secrets
install --directory --mode 0750 --owner prevent-tracker --group prevent-tracker $data $backups

step "packages of Python, stylesheet"
# Both bring certificates of their own; with the machine's they also trust the authority of a network with a proxy.
export PIP_CERT=${PIP_CERT:-/etc/ssl/certs/ca-certificates.crt} NODE_EXTRA_CA_CERTS=${NODE_EXTRA_CA_CERTS:-/etc/ssl/certs/ca-certificates.crt}
make --silent .venv/.run assets
.venv/bin/python -m compileall -q -x node_modules . || true  # one file of a library may be for another version of Python

step "secrets and settings"
deploy/secrets.sh $config/secrets 127.0.0.1 ${email_file:+"$email_file"}
[ -e $config/settings ] || cat > $config/settings <<SETTINGS
MODE=production
ALLOWED_HOSTS=$site
CSRF_TRUSTED_ORIGINS=https://$site
SITE_ADDRESS=https://$site
DEFAULT_FROM_EMAIL='$sender'
DATA_DIR=$data
BEHIND_PROXY=true
OPERATIONS_ADDRESS=127.0.0.1:8001
SETTINGS

step "database and its two roles"
with_systemd || pg_lsclusters --no-header | while read -r version cluster _ status _; do
  [ "${status%%,*}" = online ] || pg_ctlcluster "$version" "$cluster" start
done
sql() { runuser --user postgres -- psql --quiet --no-psqlrc --set ON_ERROR_STOP=1 --tuples-only --no-align "$@"; }
if [ -z "$(sql --command "SELECT 1 FROM pg_database WHERE datname = 'prevent_tracker'")" ]; then
  sql --command "CREATE DATABASE prevent_tracker"
  PSQL="runuser --user postgres -- psql --quiet" POSTGRES_USER=postgres POSTGRES_DB=prevent_tracker \
    OWNER_DATABASE_URL_FILE=$config/secrets/OWNER_DATABASE_URL DATABASE_URL_FILE=$config/secrets/DATABASE_URL deploy/postgres/roles.sh
fi

step "tables, grants, collected files"
deploy/manage.sh --owner migrate --noinput --verbosity 0
deploy/manage.sh --owner createcachetable
deploy/manage.sh --owner database_roles --grant
deploy/manage.sh collectstatic --noinput --verbosity 0

step "proxy"
if [ ! -e $config/tls/tls.crt ]; then
  install --directory --mode 0700 $config/tls
  openssl req -x509 -newkey rsa:2048 -nodes -days 90 -subj "/CN=$site" -keyout $config/tls/tls.key -out $config/tls/tls.crt 2>/dev/null
  echo "The certificate is self-signed: put yours into $config/tls/tls.crt and tls.key, then reload nginx."
fi
sed -e "s|\${UPSTREAM}|127.0.0.1:8000|; s|\${HTTP_PORT}|80|; s|\${HTTPS_PORT}|443|; s|\${SERVER_NAME}|$site|; s|\${TLS_FOLDER}|$config/tls|" \
  -e "s|\${LOG}|/var/log/nginx/prevent-tracker.log|" deploy/nginx/tracker.conf.template > /etc/nginx/conf.d/prevent-tracker.conf
rm -f /etc/nginx/sites-enabled/default
nginx -t -q

step "services"
cp deploy/systemd/* /etc/systemd/system/
if with_systemd; then
  systemctl daemon-reload
  systemctl enable --now --quiet prevent-tracker.target prevent-tracker-{web,worker,schedule}.service prevent-tracker-check.timer
  systemctl reload-or-restart nginx
else
  echo "systemd does not run here: the services are copied, not started."
fi
finish
cat <<DONE

What is left to do:
- make the key of the backups on another machine and set BACKUP_RECIPIENTS in $config/settings, then: systemctl enable --now prevent-tracker-backup.timer
- open the first account: see "The first account" in docs/operations.md
- put LEDGER_SIGNING_KEY, SECRET_KEY and WEBHOOK_SECRET_KEYS, from $config/secrets, into your password store
DONE
