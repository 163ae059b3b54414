#!/usr/bin/env bash
# Puts new secrets in the place of old ones, without a moment in which a caller is turned away.
#
#   rotate.sh token       a new bearer token; the one before it stays accepted until `rotate.sh token --finish`
#   rotate.sh telemetry   a new token for senders of telemetry; likewise, until `rotate.sh telemetry --finish`
#   rotate.sh database    new passwords of the services' database roles; the services are restarted one by one
#
# KUBECTL names another command than kubectl; KUBECONFIG is understood as always.
set -euo pipefail
HERE=$(dirname "$(readlink -f "$0")")
NAMESPACE=floe
read -r -a KUBECTL <<< "${KUBECTL:-kubectl}"

fail() { echo "rotate.sh: $*" >&2; exit 1; }

say() { echo "· $*" >&2; }

kube() { "${KUBECTL[@]}" -n "$NAMESPACE" "$@"; }

random() { head -c 64 /dev/urandom | base64 -w 0 | tr -dc 'A-Za-z0-9' | head -c "$1"; }

# first SECRET: the first line of its key `token`.
first() { kube get secret "$1" -o 'jsonpath={.data.token}' | base64 -d | head -n 1; }

# put SECRET KEY=VALUE...: through a pipe, so that no list of processes shows the values.
put() {
  local name=$1 pair
  shift
  {
    printf 'data:\n'
    for pair in "$@"; do printf '  %s: %s\n' "${pair%%=*}" "$(printf '%s' "${pair#*=}" | base64 -w 0)"; done
  } | kube patch secret "$name" --patch-file=/dev/stdin > /dev/null
}

# restart SERVICE...: one pod after the other, each when the one before is ready.
restart() {
  local service
  for service in "$@"; do
    kube rollout restart "deployment/$service" > /dev/null
    kube rollout status "deployment/$service" --timeout=300s >&2
  done
}

# accept SECRET SERVICE...: a new token, at first as one that is accepted only: nobody sends it before every receiver has read it.
accept() {
  local secret=$1 old new
  shift
  old=$(first "$secret")
  new=$(random 40)
  put "$secret" "token=$old"$'\n'"$new"
  restart "$@"
  put "$secret" "token=$new"$'\n'"$old"
}

finish() {
  put "$1" "token=$(first "$1")"
  say "only the newest token of Secret $1 is accepted, within two minutes"
}

what=${1:-} finish=${2:-}
[ -z "$finish" ] || [ "$finish" = --finish ] || fail "unknown option $finish"
case $what in
  token)
    if [ -n "$finish" ]; then finish floe-token; exit; fi
    accept floe-token platform-manager job-launcher telemetry-gateway
    say "the new token and the one before are accepted; give the new one to callers:"
    say "  ${KUBECTL[*]} -n $NAMESPACE get secret floe-token -o jsonpath={.data.token} | base64 -d | head -n 1"
    say "deploy each platform again, so that its orchestrator gets it; then: rotate.sh token --finish"
    ;;
  telemetry)
    if [ -n "$finish" ]; then finish floe-telemetry; exit; fi
    accept floe-telemetry telemetry-gateway
    put floe-telemetry "headers=authorization=Bearer $(first floe-telemetry)"
    restart platform-manager job-launcher
    say "deploy each platform again, and wait until the Jobs of before have ended; then: rotate.sh telemetry --finish"
    ;;
  database)
    [ -z "$finish" ] || fail "unknown option $finish"
    [ -e "$HERE/target/database.yaml" ] || fail "nothing to apply: type deploy/suite/build.sh"
    put floe-database "platform-manager=$(random 32)" "job-launcher=$(random 32)"
    kube delete job floe-database --ignore-not-found --wait > /dev/null
    kube apply --server-side --field-manager=floe-install -f "$HERE/target/database.yaml" > /dev/null
    kube wait --for=condition=complete --timeout=300s job/floe-database > /dev/null || fail "the passwords were not taken over: ${KUBECTL[*]} -n $NAMESPACE logs job/floe-database"
    restart platform-manager job-launcher
    ;;
  -h | --help) sed -n '2,8s/^# \{0,1\}//p' "$0" ;;
  *) sed -n '2,8s/^# \{0,1\}//p' "$0" >&2; exit 2 ;;
esac
