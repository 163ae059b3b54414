#!/usr/bin/env bash
# Checks and tests the Python clients and examples/weather. Environments are made once per lock file and kept under
# ~/.cache/floe/python. Arguments go to pytest.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
weather=$root/examples/weather
dagster_lock=$root/platform-manager/src/main/resources/blueprints/dagster/requirements.lock
cache=${XDG_CACHE_HOME:-$HOME/.cache}/floe/python

python=
for candidate in "${PYTHON:-}" python3 python3.13 python3.12 python3.11 python3.10; do
  if [ -n "$candidate" ] && "$candidate" -c 'import sys; sys.exit(not (3, 10) <= sys.version_info < (3, 14))' 2>/dev/null; then
    python=$(command -v "$candidate")
    break
  fi
done
[ -n "$python" ] || { echo "test.sh: install Python 3.10 to 3.13 with its venv module, or name one in PYTHON" >&2; exit 2; }

# environment LOCK…: prints the folder of an environment that holds just what the lock files name.
environment() {
  local key folder lock
  key=$(cat "$@" | "$python" -c 'import hashlib, sys
print(hashlib.sha256(f"{sys.version} {sys.executable}".encode() + sys.stdin.buffer.read()).hexdigest()[:16])')
  folder=$cache/$key
  if [ ! -e "$folder/complete" ]; then
    echo "making $folder" >&2
    rm -rf "$folder"
    mkdir -p "$cache"
    "$python" -m venv "$folder"
    for lock in "$@"; do
      if command -v uv > /dev/null; then
        uv pip install --quiet --python "$folder/bin/python" --compile-bytecode --require-hashes --only-binary=:all: -r "$lock" >&2
      else
        "$folder/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes --only-binary=:all: -r "$lock" >&2
      fi
    done
    touch "$folder/complete"
  fi
  echo "$folder"
}

clients=$(environment "$dagster_lock" "$here/requirements-test.lock")
product=$(environment "$weather/requirements.lock")
export WEATHER_PYTHON=$product/bin/python
export PYTHONPATH=$here/floe-client/src:$here/floe-dagster/src:$here/testing:$weather/orchestration
cd "$here"
"$clients/bin/ruff" check --quiet . "$weather"
"$clients/bin/ruff" format --quiet --check . "$weather"
"$clients/bin/mypy" --strict --no-error-summary --cache-dir "$cache/mypy" floe-client/src floe-dagster/src testing "$weather/orchestration"
"$clients/bin/mypy" --strict --no-error-summary --cache-dir "$cache/mypy-weather" --python-executable "$WEATHER_PYTHON" "$weather/weather"
exec "$clients/bin/python" -m pytest "$@"
