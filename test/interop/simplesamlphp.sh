#!/bin/sh
# Signs people in through Debian's SimpleSAMLphp (PHP, libxml2, xmlseclibs: nothing in common with our stack), over HTTP
# with cookies and redirects, against a Plenum of its own. Needs: simplesamlphp php-cli php-xml php-mbstring
# libxml2-utils openssl. No httpd: PHP's built-in server is enough.
set -eu
cd "$(dirname "$0")/../.."

for tool in php xmllint openssl node; do
  command -v "$tool" >/dev/null || { echo "simplesamlphp.sh: $tool is missing" >&2; exit 1; }
done
WWW=/usr/share/simplesamlphp/www
SCHEMAS=/usr/share/simplesamlphp/schemas
[ -d "$WWW" ] || { echo "simplesamlphp.sh: apt-get install simplesamlphp" >&2; exit 1; }

D=$(mktemp -d)
IDP_PORT=${IDP_PORT:-4781}
PORT=${PORT:-4780}
export PORT PLENUM_DATA_DIR="$D/plenum" PLENUM_DEMO=false LOG_LEVEL=warn
pids=""
end() {
  # Plenum is ended first and waited for: its embedded database stops with it.
  for pid in $pids; do kill "$pid" 2>/dev/null || true; done
  for pid in $pids; do wait "$pid" 2>/dev/null || true; done
  rm -rf "$D"
}
trap end EXIT
trap 'exit 130' INT TERM

npm run --silent build
node dist/services/main.js >"$D/plenum.log" 2>&1 &
pids="$!"
for _ in $(seq 1 200); do
  curl -fsS "http://localhost:$PORT/readyz" >/dev/null 2>&1 && break
  sleep 0.1
done
curl -fsS "http://localhost:$PORT/readyz" >/dev/null || { cat "$D/plenum.log" >&2; exit 1; }

plenum() { node dist/services/cli/main.js --json "$@" 2>/dev/null; }
field() { node -pe "JSON.parse(require('node:fs').readFileSync(0,'utf8'))['$1']"; }
plenum org create --name "Acme" --slug acme --owner-email owner@acme.test --plan teams --seats 10 >/dev/null

# The identity provider.
mkdir -p "$D/config" "$D/metadata" "$D/cert" "$D/log" "$D/data" "$D/tmp" "$D/sess"
openssl req -x509 -newkey rsa:2048 -nodes -sha256 -days 30 -subj /CN=ssp -keyout "$D/cert/idp.key" \
  -out "$D/cert/idp.crt" 2>/dev/null
IDP=http://127.0.0.1:$IDP_PORT
cat >"$D/config/config.php" <<PHP
<?php \$config=['baseurlpath'=>'$IDP/','certdir'=>'$D/cert/','loggingdir'=>'$D/log/','datadir'=>'$D/data/',
'tempdir'=>'$D/tmp','timezone'=>'UTC','secretsalt'=>'0123456789abcdef0123456789abcdef','auth.adminpassword'=>'x',
'enable.saml20-idp'=>true,'session.cookie.secure'=>false,'session.phpsession.savepath'=>'$D/sess',
'store.type'=>'phpsession','module.enable'=>['exampleauth'=>true,'core'=>true,'saml'=>true],'logging.handler'=>'file',
'metadata.sources'=>[['type'=>'flatfile','directory'=>'$D/metadata']]];
PHP
cat >"$D/config/authsources.php" <<'PHP'
<?php $config=['users'=>['exampleauth:UserPass',
'alice:alicepw'=>['uid'=>['alice'],'mail'=>['alice@acme.test'],'givenName'=>['Alice'],'sn'=>['Martin'],'groups'=>['staff','admins']],
'mallory:mallorypw'=>['uid'=>['mallory'],'mail'=>['mallory@elsewhere.test'],'groups'=>['staff']]]];
PHP
cat >"$D/metadata/saml20-idp-hosted.php" <<PHP
<?php \$metadata['$IDP/idp']=['host'=>'__DEFAULT__','privatekey'=>'idp.key','certificate'=>'idp.crt','auth'=>'users',
'saml20.sign.response'=>true,'sign.logout'=>true];
PHP
echo "<?php" >"$D/metadata/saml20-sp-remote.php"
SIMPLESAMLPHP_CONFIG_DIR="$D/config" php -S "127.0.0.1:$IDP_PORT" -t "$WWW" >"$D/php.log" 2>&1 &
pids="$pids $!"
for _ in $(seq 1 100); do
  curl -fsS "$IDP/saml2/idp/metadata.php" -o "$D/idp.xml" 2>/dev/null && break
  sleep 0.1
done

connection=$(plenum saml import --org acme --metadata-file "$D/idp.xml")
METADATA=$(echo "$connection" | field metadataUrl)
curl -fsS "$METADATA" -o "$D/sp.xml"
# SAML-13: our metadata against the schema of OASIS.
xmllint --noout --nonet --schema "$SCHEMAS/saml-schema-metadata-2.0.xsd" "$D/sp.xml"
# SimpleSAMLphp reads it by itself, as an administrator pastes it there.
php -r '
  putenv("SIMPLESAMLPHP_CONFIG_DIR=" . $argv[3]);
  require "/usr/share/simplesamlphp/lib/_autoload.php";
  $parsed = SimpleSAML\Metadata\SAMLParser::parseString(file_get_contents($argv[1]));
  $sp = $parsed->getMetadata20SP();
  unset($sp["entityDescriptor"], $sp["expire"]);
  $sp["simplesaml.nameidattribute"] = "uid";
  file_put_contents($argv[2], "<?php \$metadata[" . var_export($sp["entityid"], true) . "]=" . var_export($sp, true) . ";");
' "$D/sp.xml" "$D/metadata/saml20-sp-remote.php" "$D/config"

node test/interop/simplesamlphp.mjs "$(echo "$connection" | field loginUrl)" "http://localhost:$PORT" "$D" || {
  tail -20 "$D/plenum.log" "$D"/log/* "$D/php.log" >&2
  exit 1
}
