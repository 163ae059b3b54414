# Sourced by ./floe and ./mvnw: sets JAVA_HOME to a JDK of at least version 25, whatever `java` is on the PATH.
# Looks at JAVA_HOME, then /usr/lib/jvm/*, then ~/.floe/jdk, then the PATH.
# Written for a shell with `set -euf` (no globbing): it uses find instead of patterns.
floe_jdk_required=25

floe_jdk_version() { # prints the feature version of the JDK in $1, nothing when there is none
  [ -x "$1/bin/javac" ] && [ -r "$1/release" ] || return 0
  sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release"
}

floe_find_jdk() {
  floe_jdk_found=
  for floe_jdk_home in "${JAVA_HOME-}" $(find /usr/lib/jvm -mindepth 1 -maxdepth 1 2>/dev/null | sort -r) "${HOME-}/.floe/jdk" \
    "$(dirname "$(dirname "$(readlink -f "$(command -v javac || true)" 2>/dev/null || true)")")"; do
    [ -n "$floe_jdk_home" ] || continue
    floe_jdk_number=$(floe_jdk_version "$floe_jdk_home")
    if [ -n "$floe_jdk_number" ] && [ "$floe_jdk_number" -ge "$floe_jdk_required" ]; then
      floe_jdk_found=$floe_jdk_home
      break
    fi
  done
  if [ -z "$floe_jdk_found" ]; then
    echo "floe needs a JDK, version $floe_jdk_required or newer, and found none (looked at JAVA_HOME, /usr/lib/jvm, ~/.floe/jdk and the PATH)." >&2
    echo "Install one, for example: apt-get install openjdk-$floe_jdk_required-jdk-headless, or unpack one from https://adoptium.net into ~/.floe/jdk" >&2
    exit 3
  fi
  JAVA_HOME=$floe_jdk_found
  export JAVA_HOME
}

floe_find_jdk
