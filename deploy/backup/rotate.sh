#!/bin/sh
# One backup under a name of its own, then only the newest stay. For timers: systemd, Kubernetes, cron.
#   rotate.sh DIRECTORY [HOW-MANY]
set -eu
directory=${1:?usage: rotate.sh DIRECTORY [HOW-MANY]}
keep=${2:-14}
case $keep in
  '' | *[!0-9]* | 0*) echo "rotate.sh: HOW-MANY is \"$keep\"; allowed: a number from 1" >&2; exit 2 ;;
esac
lookaside=$(dirname "$(readlink -f "$0")")/../../server/launch.js

"$lookaside" backup "$directory/lookaside-$(date -u +%Y%m%dT%H%M%SZ).db"

# After the new one is there and good. By name, which is by time; other files in the directory are left alone.
find "$directory" -maxdepth 1 -type f -name 'lookaside-????????T??????Z.db' | sort -r | tail -n "+$((keep + 1))" |
  while IFS= read -r old; do rm -- "$old"; done
