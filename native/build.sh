#!/usr/bin/env bash
# Builds the services as native executables.
#
#   native/build.sh [NAME...]         build these (default: every service and the command line) into ~/.cache/floe/native
#   native/build.sh --print NAME      where the executable of the present sources is; fails when it is not built
#   native/build.sh --put NAME        puts it beside the module's other build products, where -Pnative looks for it
#
# GRAALVM_HOME is any GraalVM 25. Where it is not set, ../shared/nativekit beside the checkout makes one in ~/.cache/graalvm25.
# An executable is kept by the hash of everything it is made of and not built twice. FLOE_NATIVE_XMX is the builder's heap (7g).
set -euo pipefail
HERE=$(dirname "$(readlink -f "$0")")
ROOT=$(dirname "$HERE")
CACHE=${FLOE_CACHE:-$HOME/.cache/floe}/native
SERVICES='telemetry-gateway job-launcher platform-manager'

fail() { echo "native/build.sh: $*" >&2; exit 1; }

# modules_of NAME: the folders whose main code goes into it.
modules_of() {
  case $1 in
    telemetry-gateway) echo contract service-kit telemetry-gateway ;;
    job-launcher) echo contract local service-kit "$1" ;;
    platform-manager) echo contract yaml local service-kit "$1" ;;
    floe) echo contract yaml local cli ;;
    *) fail "there is no executable $1: $SERVICES floe" ;;
  esac
}

arguments_of() { sed -e 's/ *#.*//' -e '/^$/d' "$HERE/arguments/common" "$HERE/arguments/$1" | paste -sd, -; }

graalvm() {
  if [ -z "${GRAALVM_HOME:-}" ]; then
    GRAALVM_HOME=$HOME/.cache/graalvm25
    if [ ! -x "$GRAALVM_HOME/bin/native-image" ]; then
      [ -x "$ROOT/../shared/nativekit/build.sh" ] || fail "set GRAALVM_HOME to a GraalVM 25, for example one of https://www.graalvm.org/downloads"
      (cd "${TMPDIR:-/tmp}" && "$ROOT/../shared/nativekit/build.sh" "$GRAALVM_HOME") >&2
    fi
  fi
  [ -x "$GRAALVM_HOME/bin/native-image" ] || fail "GRAALVM_HOME=$GRAALVM_HOME has no bin/native-image"
  export GRAALVM_HOME
}

# hash_of NAME: of the sources of its modules, of the versions and of the builder.
hash_of() {
  local module
  {
    "$GRAALVM_HOME/bin/native-image" --version
    arguments_of "$1"
    cd "$ROOT"
    sed '/<profiles>/,/<\/profiles>/d' pom.xml # versions and plugins; the profiles are checks and tests
    for module in $(modules_of "$1"); do find "$module/src/main" "$module/pom.xml" -type f -not -path "*/src/main/kubernetes/*"; done \
      | LC_ALL=C sort | xargs -d '\n' sha256sum
  } | sha256sum | cut -c1-16
}

folder_of() { echo "$CACHE/$1-$(hash_of "$1")"; }

# build_service NAME FOLDER; chained, because `set -e` is off in what a caller tests.
build_service() {
  local name=$1 new=$2.new target=$ROOT/$1/target
  (cd "$ROOT" && ./mvnw -B -ntp -q -Dfast -Dmaven.test.skip=true -pl "$name" -am package \
    -Dquarkus.native.enabled=true -Dquarkus.package.jar.enabled=false \
    -Dquarkus.native.native-image-xmx="${FLOE_NATIVE_XMX:-7g}" \
    -Dquarkus.native.additional-build-args="$(arguments_of "$name")") \
    && rm -rf "$new" && mkdir -p "$new" \
    && cp "$target/"*-runner "$new/$name" \
    && sed "s/^path=.*/path=$name/" "$target/quarkus-artifact.properties" > "$new/quarkus-artifact.properties" \
    && mv "$new" "$2"
}

build_cli() {
  local new=$2.new target=$ROOT/cli/target
  local -a arguments
  IFS=, read -r -a arguments <<< "$(arguments_of floe)"
  (cd "$ROOT" && ./mvnw -B -ntp -q -Dfast -Dmaven.test.skip=true -pl cli -am package) \
    && rm -rf "$new" && mkdir -p "$new" \
    && "$GRAALVM_HOME/bin/native-image" -J-Xmx"${FLOE_NATIVE_XMX:-7g}" "${arguments[@]}" \
      -jar "$target/floe-cli.jar" -o "$new/floe" \
    && mv "$new" "$2"
}

build() {
  local name=$1 folder log started=$SECONDS
  folder=$(folder_of "$name")
  if [ -d "$folder" ]; then
    echo "$name: unchanged ($folder)" >&2
    return
  fi
  mkdir -p "$CACHE"
  log=$CACHE/$name.log
  echo "$name: building, see $log" >&2
  local how=build_service
  if [ "$name" = floe ]; then how=build_cli; fi
  "$how" "$name" "$folder" > "$log" 2>&1 || { tail -n 60 "$log" >&2; fail "$name was not built; the whole log: $log"; }
  # the three newest stay, so that going back and forth between branches costs nothing
  find "$CACHE" -maxdepth 1 -type d -name "$name-????????????????" -printf '%T@ %p\n' | sort -rn | tail -n +4 | cut -d' ' -f2- | xargs -r -d '\n' rm -rf
  echo "$name: built in $((SECONDS - started)) s ($(du -m "$folder/$name" | cut -f1) MB)" >&2
}

print() {
  local folder
  folder=$(folder_of "$1")
  [ -x "$folder/$1" ] || fail "$1 is not built: native/build.sh $1"
  echo "$folder/$1"
}

put() {
  local from to=$ROOT/$1/target/native
  if [ "$1" = floe ]; then to=$ROOT/cli/target/native; fi
  from=$(print "$1")
  rm -rf "$to"
  mkdir -p "$to"
  if [ "$1" = floe ]; then
    ln "$from" "$to/floe" 2> /dev/null || cp "$from" "$to/floe"
    return
  fi
  # under the module's artifactId, which the build knows
  ln "$from" "$to/floe-$1" 2> /dev/null || cp "$from" "$to/floe-$1"
  cp "$(dirname "$from")/quarkus-artifact.properties" "$to/"
}

# An executable reads and writes the names of files in the character set that its builder had.
export LC_ALL=C.UTF-8
graalvm
case ${1:-} in
  --print) print "${2:?which?}" ;;
  --put) put "${2:?which?}" ;;
  -h | --help) sed -n '2,9s/^# \{0,1\}//p' "$0" ;;
  *)
    # shellcheck disable=SC2086 # the names are words
    [ $# -gt 0 ] || set -- $SERVICES floe
    for name in "$@"; do modules_of "$name" > /dev/null || exit 1; done
    for name in "$@"; do build "$name"; done
    ;;
esac
