#!/usr/bin/env bash
# Builds the images of this folder.
#
#   build.sh NAME... [--load DIR]     build these images (or `all`); with --load, give them to the test cluster that lives in DIR
#   build.sh --tag NAME...            print their names
#
# Each image is a folder with a Containerfile and a file `image`: its tag, the other files of the repository it is made of
# (`file NAME-IN-CONTEXT PATH`), and the image it builds on (`from NAME`). An image is built again only when one of these changed;
# archives are kept in ~/.cache/floe/images, named by the hash of what they were made of.
#
# FLOE_IMAGE_BUILDER is a command that takes FOLDER TAG -o ARCHIVE --network=host and writes a docker archive. By default it is
# ../shared/cluster/bake.sh beside the checkout where that exists, else the first of podman, buildah and docker on the PATH.
# The host's network is used because a builder's own bridge may take the addresses of a test cluster's pods on the same machine.
set -euo pipefail
HERE=$(dirname "$(readlink -f "$0")")
ROOT=$(readlink -f "$HERE/../..")
CACHE=${FLOE_CACHE:-$HOME/.cache/floe}/images

fail() { echo "build.sh: $*" >&2; exit 1; }

usage() { sed -n '2,14s/^# \{0,1\}//p' "$0"; }

# all_names: every image, each after the one it builds on.
all_names() { echo postgresql dagster weather weather-orchestration platform-manager job-launcher telemetry-gateway; }

tag_of() { echo "floe.local/$1:$(sed -n 's/^tag //p' "$HERE/$1/image")"; }

parent_of() { sed -n 's/^from //p' "$HERE/$1/image"; }

# put FROM TO: a copy of what git would take, so that build products beside the sources do not count as a change.
put() {
  if [ -d "$1" ]; then
    mkdir -p "$2"
    tar -C "$1" -cf - --exclude-vcs --exclude=target --exclude=__pycache__ --exclude='*.egg-info' --exclude=.venv --exclude=.pytest_cache . | tar -C "$2" -xf -
  elif [ -f "$1" ]; then
    mkdir -p "$(dirname "$2")"
    cp -p "$1" "$2"
  else
    fail "$1 is missing: build it first"
  fi
}

# stage NAME FOLDER: everything that the image is made of.
stage() {
  rm -rf "$2"
  put "$HERE/$1" "$2"
  local kind name path
  while read -r kind name path; do
    case $kind in
      file) put "$ROOT/$path" "$2/$name" ;;
      native) put "$("$ROOT/native/build.sh" --print "$name")" "$2/$path" ;;
    esac
  done < "$HERE/$1/image"
}

hash_of() { (cd "$1" && find . -type f ! -name image -print0 | LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum | cut -c1-16); }

build_with() {
  local folder=$1 tag=$2 archive=$3
  if [ -n "${FLOE_IMAGE_BUILDER:-}" ]; then
    "$FLOE_IMAGE_BUILDER" "$folder" "$tag" -o "$archive" --network=host
  elif [ -x "$ROOT/../shared/cluster/bake.sh" ]; then
    "$ROOT/../shared/cluster/bake.sh" "$folder" "$tag" -o "$archive" --network=host
  elif command -v podman > /dev/null; then
    podman build --network=host -t "$tag" -f "$folder/Containerfile" "$folder" && podman save --format docker-archive -o "$archive" "$tag"
  elif command -v buildah > /dev/null; then
    buildah bud --network=host -t "$tag" -f "$folder/Containerfile" "$folder" && buildah push -q "$tag" "docker-archive:$archive:$tag"
  elif command -v docker > /dev/null; then
    docker build --network=host -t "$tag" -f "$folder/Containerfile" "$folder" && docker save -o "$archive" "$tag"
  else
    fail "nothing here builds images: install podman, buildah or docker, or name a builder in FLOE_IMAGE_BUILDER"
  fi
}

# build NAME: leaves the image's archive in the cache; HASH and ARCHIVE say which.
build() {
  local name=$1 folder=$ROOT/deploy/images/target/$1 parent
  stage "$name" "$folder"
  HASH=$(hash_of "$folder")
  parent=$(parent_of "$name")
  if [ -n "$parent" ]; then HASH=$(printf '%s %s' "$HASH" "${HASHES[$parent]:?build $parent first}" | sha256sum | cut -c1-16); fi
  HASHES[$name]=$HASH
  ARCHIVE=$CACHE/$name-$HASH.tar
  if [ ! -e "$ARCHIVE" ]; then
    local started=$SECONDS log=$folder.log
    # a builder may make over what it is given: what has the hash stays as it is
    build_with "$folder" "$(tag_of "$name")" "$ARCHIVE.new" > "$log" 2>&1 || { tail -n 60 "$log" >&2; fail "$name was not built; the whole log: $log"; }
    find "$CACHE" -maxdepth 1 -name "$name-????????????????.tar" -delete
    mv "$ARCHIVE.new" "$ARCHIVE"
    echo "$(tag_of "$name"): built in $((SECONDS - started)) s" >&2
  else
    echo "$(tag_of "$name"): unchanged" >&2
  fi
}

load() {
  local name=$1 stamp=$LOAD/floe-images/$1
  mkdir -p "$LOAD/floe-images"
  if [ "$(cat "$stamp" 2> /dev/null)" = "$HASH" ]; then return; fi
  "${FLOE_TESTCLUSTER:-$HOME/.cache/testcluster/testcluster}" load --dir "$LOAD" "$ARCHIVE"
  echo "$HASH" > "$stamp"
}

NAMES=() LOAD='' PRINT=''
while [ $# -gt 0 ]; do
  case $1 in
    -h | --help) usage; exit 0 ;;
    --load) LOAD=${2:?--load needs the folder of a test cluster}; shift ;;
    --tag) PRINT=yes ;;
    all) read -r -a NAMES <<< "$(all_names)" ;;
    -*) fail "unknown option $1" ;;
    *) [ -e "$HERE/$1/image" ] || fail "there is no image $1: $(all_names)"; NAMES+=("$1") ;;
  esac
  shift
done
[ ${#NAMES[@]} -gt 0 ] || { usage >&2; exit 2; }
if [ -n "$PRINT" ]; then
  for name in "${NAMES[@]}"; do tag_of "$name"; done
  exit 0
fi

mkdir -p "$CACHE"
exec 9> "$CACHE/lock"
flock 9
declare -A HASHES=()
for name in $(all_names); do
  for wanted in "${NAMES[@]}"; do
    if [ "$wanted" = "$name" ] || [ "$(parent_of "$wanted")" = "$name" ]; then
      build "$name"
      if [ -n "$LOAD" ]; then load "$name"; fi
      break
    fi
  done
done
