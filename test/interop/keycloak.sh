#!/bin/sh
# Signs people in and out through Keycloak (Java, its own SAML stack), over HTTP with cookies, redirects and forms, against
# a Plenum of its own. By hand or nightly (SAML-109): Keycloak is 160 MB and takes half a minute to begin.
set -eu
cd "$(dirname "$0")/../.."
. test/interop/plenum.sh
KEYCLOAK=${KEYCLOAK:-26.4.0}
debian openjdk-17-jre-headless maven unzip openssl curl
start_plenum

mvn -q -B dependency:get -Dtransitive=false -Dartifact="org.keycloak:keycloak-quarkus-dist:$KEYCLOAK:zip" >/dev/null
mvn -q -B dependency:copy -Dartifact="org.keycloak:keycloak-quarkus-dist:$KEYCLOAK:zip" -DoutputDirectory="$D" >/dev/null
unzip -q "$D/keycloak-quarkus-dist-$KEYCLOAK.zip" -d "$D"
IDP=http://127.0.0.1:$IDP_PORT
KC_BOOTSTRAP_ADMIN_USERNAME=admin KC_BOOTSTRAP_ADMIN_PASSWORD=admin "$D/keycloak-$KEYCLOAK/bin/kc.sh" start-dev \
  --http-host=127.0.0.1 --http-port="$IDP_PORT" >"$D/idp.log" 2>&1 &
pids="$pids $!"
# A cold start compiles its configuration first.
for _ in 1 2 3 4 5; do curl -fsS --retry 30 --retry-delay 1 --retry-connrefused "$IDP/realms/master" >/dev/null 2>&1 && break; done
await "$IDP/realms/master" "$D/idp.log"
node test/interop/keycloak.mjs "$ORIGIN" "$IDP" "$D" || {
  for log in "$D/plenum.log" "$D/idp.log" "$D/cli.log"; do tail -n 30 "$log"; done >&2
  exit 1
}
