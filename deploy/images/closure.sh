#!/bin/sh
# Copies the shared libraries that the given files are linked with, and nothing else, into a new root:  closure.sh ROOT FILE...
set -eu
root=$1
shift
for file in "$@"; do
  ldd "$file" 2> /dev/null | awk '$2 == "=>" && $3 ~ /^\// { print $3 } $1 ~ /^\// { print $1 }'
done | sort -u | while read -r library; do
  # /lib is a link to /usr/lib: the file goes where the link leads, under the name that the linker asks for.
  folder=$(readlink -f "$(dirname "$library")")
  mkdir -p "$root$folder"
  cp -L "$library" "$root$folder/$(basename "$library")"
done
