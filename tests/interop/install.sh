#!/usr/bin/env bash
# Installs what the gRPC interoperability suites need: python3-grpcio (Debian) and the npm packages of node/package.json.
# Does nothing where everything is there. Needs root for the Debian packages.
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"

if ! /usr/bin/python3 -c 'import grpc, google.protobuf' 2>/dev/null; then
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends python3-grpcio python3-protobuf >/dev/null
fi

if ! command -v npm >/dev/null; then
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends nodejs npm >/dev/null
fi

# The stamp holds the package.json that the installed modules answer to.
stamp="$here/node/node_modules/.installed-package.json"
if ! cmp -s "$here/node/package.json" "$stamp"; then
    npm install --prefix "$here/node" --no-package-lock --no-audit --no-fund --loglevel=error
    cp "$here/node/package.json" "$stamp"
fi
