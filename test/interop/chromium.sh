#!/bin/sh
# Signs people in with a real browser (Debian's Chromium): the binding of a sign-in to the browser that began it
# (SAML-53), login CSRF, the page for unsolicited sign-ins, and passkeys with a virtual authenticator. Screenshots of
# every page go to the folder that SHOTS names.
set -eu
cd "$(dirname "$0")/../.."
. test/interop/plenum.sh
debian chromium curl
start_plenum
node test/interop/chromium.mjs "$ORIGIN" "$IDP_PORT" "$D" || {
  for log in "$D/plenum.log" "$D/cli.log"; do tail -n 20 "$log"; done >&2
  exit 1
}
