#!/usr/bin/env bash
# Starts PostgreSQL; makes its data folder first where there is none.
#
# Understood as in the usual image: POSTGRES_USER, POSTGRES_PASSWORD, POSTGRES_DB (each also as …_FILE), POSTGRES_INITDB_ARGS,
# PGDATA, /docker-entrypoint-initdb.d/*.{sh,sql,sql.gz}. Otherwise than there: every connection needs a password, pages carry
# checksums, and a first start that is cut off at any moment begins anew instead of leaving half a database.
set -euo pipefail

fail() { echo "postgresql: $*" >&2; exit 1; }

# from_file NAME DEFAULT: the variable NAME, or what stands in the file that NAME_FILE names, or DEFAULT.
from_file() {
  local file_name=$1_FILE value
  if [ -n "${!1:-}" ] && [ -n "${!file_name:-}" ]; then fail "both $1 and $file_name are set: set one of them"; fi
  value=${!1:-}
  if [ -n "${!file_name:-}" ]; then value=$(< "${!file_name}") || fail "$file_name=${!file_name} cannot be read"; fi
  printf -v "$1" '%s' "${value:-$2}"
  unset "$file_name"
}

# The first start happens in a folder inside PGDATA and is moved up when it is complete, PG_VERSION last:
# a data folder either has PG_VERSION and is whole, or has none and is made.
NEW=$PGDATA/.new

create() {
  [ -n "$POSTGRES_PASSWORD" ] || fail "no password for $POSTGRES_USER: set POSTGRES_PASSWORD or POSTGRES_PASSWORD_FILE"
  rm -rf "$NEW"
  local left
  left=$(find "$PGDATA" -mindepth 1 -maxdepth 1 ! -name lost+found | head -n 1)
  [ -z "$left" ] || fail "$PGDATA has no PG_VERSION but is not empty ($left): point PGDATA at an empty folder, or empty this one"
  mkdir -m 0700 "$NEW"
  # shellcheck disable=SC2086 # the arguments are words
  initdb -D "$NEW" --username="$POSTGRES_USER" --pwfile=<(printf '%s\n' "$POSTGRES_PASSWORD") --encoding=UTF8 --locale=C.UTF-8 \
    --data-checksums --auth-local=scram-sha-256 --auth-host=scram-sha-256 ${POSTGRES_INITDB_ARGS:-} > /dev/null
  printf 'host all all all scram-sha-256\n' >> "$NEW/pg_hba.conf"

  # Reachable by nobody but this script until everything is there.
  pg_ctl -D "$NEW" -w -s -o "-c listen_addresses='' -c unix_socket_permissions=0700" start
  export PGPASSWORD=$POSTGRES_PASSWORD PGHOST=/var/run/postgresql PGUSER=$POSTGRES_USER
  if [ "$POSTGRES_DB" != postgres ]; then
    psql -v ON_ERROR_STOP=1 --no-psqlrc -q -d postgres -v db="$POSTGRES_DB" <<< 'CREATE DATABASE :"db";'
  fi
  export PGDATABASE=$POSTGRES_DB
  local file
  for file in /docker-entrypoint-initdb.d/*; do
    case $file in
      *.sh) echo "postgresql: $file" >&2; bash -euo pipefail "$file" ;;
      *.sql) echo "postgresql: $file" >&2; psql -v ON_ERROR_STOP=1 --no-psqlrc -q -f "$file" ;;
      *.sql.gz) echo "postgresql: $file" >&2; gzip -dc "$file" | psql -v ON_ERROR_STOP=1 --no-psqlrc -q ;;
    esac
  done
  unset PGPASSWORD PGHOST PGUSER PGDATABASE
  pg_ctl -D "$NEW" -w -s -m fast stop
  touch "$NEW/.complete"
  sync -f "$NEW"
}

move_up() {
  find "$NEW" -mindepth 1 -maxdepth 1 ! -name .complete ! -name PG_VERSION -exec mv -t "$PGDATA" {} +
  sync -f "$PGDATA"
  mv "$NEW/PG_VERSION" "$PGDATA/PG_VERSION"
  sync -f "$PGDATA"
}

if [ "${1:-postgres}" != postgres ] && [ "${1:0:1}" != - ]; then exec "$@"; fi
if [ "${1:0:1}" = - ]; then set -- postgres "$@"; fi
if [ "$(id -u)" = 0 ]; then fail "does not run as root: run as user 999"; fi

mkdir -p "$PGDATA" || fail "$PGDATA cannot be written by user $(id -u): give the volume fsGroup $(id -g)"
chmod 0700 "$PGDATA" 2> /dev/null || true
if [ ! -s "$PGDATA/PG_VERSION" ]; then
  from_file POSTGRES_USER postgres
  from_file POSTGRES_PASSWORD ''
  from_file POSTGRES_DB "$POSTGRES_USER"
  if [ ! -e "$NEW/.complete" ]; then create; fi
  move_up
fi
rm -rf "$NEW"
unset POSTGRES_PASSWORD POSTGRES_PASSWORD_FILE
exec "$@"
