#!/bin/sh
# Signs people in through Debian's pysaml2 (Python, xmlsec1, libxmlsec), over HTTP with cookies and redirects, against a
# Plenum of its own. pysaml2 reads our metadata as they are (SAML-13).
set -eu
cd "$(dirname "$0")/../.."
. test/interop/plenum.sh
debian python3-pysaml2 xmlsec1 openssl curl
start_plenum

IDP=http://127.0.0.1:$IDP_PORT
openssl req -x509 -newkey rsa:2048 -nodes -sha256 -days 30 -subj /CN=pysaml2 -keyout "$D/idp.key" -out "$D/idp.crt" 2>/dev/null
/usr/bin/python3 test/interop/pysaml2-idp.py "$IDP/metadata" "$IDP_PORT" "$D/idp.key" "$D/idp.crt" "$D/sp.xml" >"$D/idp.log" 2>&1 &
pids="$pids $!"
await "$IDP/metadata" "$D/idp.log"
curl -fsS "$IDP/metadata" -o "$D/idp.xml"
connection=$(plenum saml import --org acme --metadata-file "$D/idp.xml")
node test/interop/pysaml2.mjs "$(echo "$connection" | field loginUrl)" "$ORIGIN" "$D" "$IDP" || {
  for log in "$D/plenum.log" "$D/idp.log" "$D/cli.log"; do tail -n 30 "$log"; done >&2
  exit 1
}
