#!/usr/bin/env bash
# Installs what the tests compare with or speak to. Quick and silent where all of it is there.
set -euo pipefail
cd "$(dirname "$0")/../.."

# As root the lists of packages are fetched once, so that a fresh machine knows what there is.
missing=()
[ -x /usr/bin/python3 ] || missing+=(python3)
/usr/bin/python3 -c 'import grpc, google.protobuf' 2>/dev/null || missing+=(python3-grpcio python3-protobuf)
command -v protoc >/dev/null || missing+=(protobuf-compiler)
/usr/bin/python3 -c 'import dns.message' 2>/dev/null || missing+=(python3-dnspython)
[ -x /usr/sbin/pdns_server ] || missing+=(pdns-server)
[ -e "/usr/lib/$(uname -m)-linux-gnu/pdns/libremotebackend.so" ] || missing+=(pdns-backend-remote)
command -v dig >/dev/null || missing+=(bind9-dnsutils)
command -v dnsperf >/dev/null || missing+=(dnsperf)
command -v npm >/dev/null || missing+=(nodejs npm)
command -v promtool >/dev/null || missing+=(prometheus)
command -v mmdblookup >/dev/null || missing+=(mmdb-bin)
command -v redis-server >/dev/null || missing+=(redis-server)
command -v cc >/dev/null || missing+=(gcc libc6-dev)
command -v chromium >/dev/null || missing+=(chromium)
command -v systemd-analyze >/dev/null || missing+=(systemd)
echo "#include <maxminddb.h>" | cc -E - >/dev/null 2>&1 || missing+=(libmaxminddb-dev)
if [ "${#missing[@]}" -gt 0 ]; then
  if [ "$(id -u)" -ne 0 ]; then
    echo "The tests need packages that are missing. Run: sudo apt-get install -y ${missing[*]}" >&2
    exit 1
  fi
  echo "installing ${missing[*]}"
  # The tests start what they need themselves, on ports of their own: no daemon of a package (prometheus, pdns, redis) is to run beside them.
  policy=/usr/sbin/policy-rc.d
  if [ ! -e "$policy" ]; then
    printf '#!/bin/sh\nexit 101\n' >"$policy"
    chmod 755 "$policy"
    trap 'rm -f "$policy"' EXIT
  fi
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
fi

tests/interop/install.sh
tests/Dispatch.Core.Tests/Geo/install-mmdb.sh
