#!/usr/bin/env bash
# Installs the suite into the cluster that kubectl points at, or brings it up to date. May be repeated, and interrupted, at any moment.
#
#   install.sh [--timeout SECONDS]
#
# Secrets that are not there yet are made from random bytes; those that are there are left alone.
# KUBECTL names another command than kubectl (`testcluster kubectl`); KUBECONFIG is understood as always.
set -euo pipefail
HERE=$(dirname "$(readlink -f "$0")")
SUITE=$HERE/target
NAMESPACE=floe
TIMEOUT=300
read -r -a KUBECTL <<< "${KUBECTL:-kubectl}"

fail() { echo "install.sh: $*" >&2; exit 1; }

say() { echo "· $*" >&2; }

kube() { "${KUBECTL[@]}" "$@"; }

apply() { kube apply --server-side --field-manager=floe-install -f "$1" > /dev/null; }

random() { head -c 64 /dev/urandom | base64 -w 0 | tr -dc 'A-Za-z0-9' | head -c "$1"; }

# secret NAME KEY=VALUE...: made unless it is there. The values go through a pipe, so that no list of processes shows them.
secret() {
  local name=$1 pair
  shift
  if kube -n "$NAMESPACE" get secret "$name" -o name > /dev/null 2>&1; then return; fi
  say "making Secret $name"
  {
    printf 'apiVersion: v1\nkind: Secret\nmetadata:\n  name: %s\n  namespace: %s\n  labels: {app.kubernetes.io/part-of: floe}\nstringData:\n' "$name" "$NAMESPACE"
    for pair in "$@"; do printf '  %s: "%s"\n' "${pair%%=*}" "${pair#*=}"; done
  } | kube create -f - > /dev/null
}

# rendered_secrets: those that the blueprint asks for, as `# secret NAME KEY=generate:LENGTH KEY=value:TEXT`.
rendered_secrets() {
  local name rest pair pairs
  while read -r _ _ name rest; do
    pairs=()
    for pair in $rest; do
      case ${pair#*=} in
        generate:*) pairs+=("${pair%%=*}=$(random "${pair##*:}")") ;;
        value:*) pairs+=("${pair%%=*}=${pair#*=value:}") ;;
        *) fail "postgresql.yaml asks for a Secret in a way this script does not know: $pair" ;;
      esac
    done
    secret "$name" "${pairs[@]}"
  done < <(grep '^# secret ' "$SUITE/postgresql.yaml")
}

# ready WORKLOAD: waits; where it does not come up, shows why.
ready() {
  kube -n "$NAMESPACE" rollout status "$1" --timeout="${TIMEOUT}s" >&2 && return
  kube -n "$NAMESPACE" get pods -o wide >&2 || true
  kube -n "$NAMESPACE" get events --sort-by=.lastTimestamp 2> /dev/null | tail -n 15 >&2 || true
  kube -n "$NAMESPACE" logs "$1" --tail=30 >&2 || true
  fail "$1 is not ready after $TIMEOUT s"
}

while [ $# -gt 0 ]; do
  case $1 in
    --timeout) TIMEOUT=${2:?--timeout needs a number of seconds}; shift ;;
    -h | --help) sed -n '2,7s/^# \{0,1\}//p' "$0"; exit 0 ;;
    *) fail "unknown option $1" ;;
  esac
  shift
done
[ -e "$SUITE/kustomization.yaml" ] || fail "nothing to install: type deploy/suite/build.sh"
command -v "${KUBECTL[0]}" > /dev/null || fail "${KUBECTL[0]} is not on the PATH: install kubectl, or name a command in KUBECTL"
kube version > /dev/null 2>&1 || fail "the cluster does not answer: check KUBECONFIG, and type ${KUBECTL[*]} version"

say "namespace $NAMESPACE"
apply "$SUITE/namespace.yaml"
apply "$SUITE/network.yaml"
secret floe-token "token=$(random 40)"
telemetry=$(random 40)
secret floe-telemetry "token=$telemetry" "headers=authorization=Bearer $telemetry"
secret floe-database "platform-manager=$(random 32)" "job-launcher=$(random 32)"
rendered_secrets

say "database"
apply "$SUITE/postgresql.yaml"
ready statefulset/postgresql
kube -n "$NAMESPACE" delete job floe-database --ignore-not-found --wait > /dev/null
apply "$SUITE/database.yaml"
if ! kube -n "$NAMESPACE" wait --for=condition=complete --timeout="${TIMEOUT}s" job/floe-database > /dev/null; then
  kube -n "$NAMESPACE" logs job/floe-database --tail=30 >&2 || true
  fail "the services' roles could not be made"
fi

say "services"
for service in platform-manager job-launcher telemetry-gateway; do apply "$SUITE/$service.yaml"; done
for service in platform-manager job-launcher telemetry-gateway; do ready "deployment/$service"; done
say "ready. Next: floe context set cluster --namespace $NAMESPACE && floe context use cluster"
