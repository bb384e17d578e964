#!/bin/sh
# Make the secrets of a service, each in a file of its own. What is there stays.
#   deploy/secrets.sh FOLDER HOST-OF-THE-DATABASE [FILE-WITH-THE-ADDRESS-OF-THE-MAIL-SERVER]
# The address of the mail server has a password in it, so it comes from a file, or is asked for and not shown.
set -eu
[ $# -ge 2 ] || { echo "Usage: $0 FOLDER HOST-OF-THE-DATABASE [FILE-WITH-EMAIL_URL]" >&2; exit 2; }
folder=$1 host=$2 email_file=${3:-}
umask 077
mkdir -p "$folder"
chmod 0700 "$folder"

secret() {
  [ -s "$folder/$1" ] || printf '%s\n' "$2" > "$folder/$1"
}
random() { head -c "$1" /dev/urandom | base64 | tr -d '\n'; }
password() { head -c 24 /dev/urandom | od -An -tx1 | tr -d ' \n'; }
email_url() {
  if [ -n "$email_file" ]; then
    cat "$email_file"
  elif [ -t 0 ]; then
    echo "The address of the mail server, such as submission://user:password@mail.example.police.uk:587 (it is not shown):" >&2
    stty -echo
    read -r answer || true
    stty echo
    printf '%s\n' "$answer"
  else
    echo "Name a file with the address of the mail server." >&2
    return 1
  fi
}

[ -s "$folder/EMAIL_URL" ] || address=$(email_url)
secret SECRET_KEY "$(random 48)"
secret WEBHOOK_SECRET_KEYS "$(random 48)"
secret LEDGER_SIGNING_KEY "$(random 32)"
secret DATABASE_URL "postgresql://prevent_tracker:$(password)@$host:5432/prevent_tracker"
secret OWNER_DATABASE_URL "postgresql://prevent_tracker_owner:$(password)@$host:5432/prevent_tracker"
secret POSTGRES_PASSWORD "$(password)"
secret EMAIL_URL "${address:-}"
# Nobody but its owner enters the folder; a container that is given one of the files can read it.
chmod 0444 "$folder"/*
