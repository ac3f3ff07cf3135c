#!/bin/sh
# Lets public checks of SCIM servers, and a public client library, loose on a Plenum of its own. They come from PyPI in
# the versions of scim-suites.txt, into a folder that goes away again. What they find is explained in docs/conformance.md.
set -eu
cd "$(dirname "$0")/../.."
. test/interop/plenum.sh
debian python3 python3-venv curl
/usr/bin/python3 -m venv "$D/venv"
"$D/venv/bin/pip" install -q --disable-pip-version-check --no-deps -r test/interop/scim-suites.txt
start_plenum

made=$(plenum scim-token create --org acme)
SCIM_BASE=$(echo "$made" | field baseUrl)
SCIM_TOKEN=$(echo "$made" | field token)
export SCIM_BASE SCIM_TOKEN
# The rules of the RFCs, without what identity providers need beyond them; scim-sanity puts somebody into a group who is
# nobody, and wants that to be taken.
plenum scim dialect --org acme --preset strict --switches '{"unknownMembers":"ignore"}' >/dev/null
for script in scim-suites.py scim-client.py; do
  "$D/venv/bin/python" "test/interop/$script" || {
    tail -n 30 "$D/plenum.log" "$D/cli.log" >&2
    exit 1
  }
done
