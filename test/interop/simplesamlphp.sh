#!/bin/sh
# Signs people in through Debian's SimpleSAMLphp (PHP, libxml2, xmlseclibs: nothing in common with our stack), over HTTP
# with cookies and redirects, against a Plenum of its own. No httpd: PHP's built-in server is enough.
set -eu
cd "$(dirname "$0")/../.."

. test/interop/plenum.sh
debian simplesamlphp php-cli php-xml php-mbstring libxml2-utils openssl curl
WWW=/usr/share/simplesamlphp/www
SCHEMAS=/usr/share/simplesamlphp/schemas
start_plenum

# The identity provider.
mkdir -p "$D/config" "$D/metadata" "$D/cert" "$D/log" "$D/data" "$D/tmp" "$D/sess"
for key in idp next; do
  openssl req -x509 -newkey rsa:2048 -nodes -sha256 -days 30 -subj "/CN=ssp-$key" -keyout "$D/cert/$key.key" \
    -out "$D/cert/$key.crt" 2>/dev/null
done
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
SIMPLESAMLPHP_CONFIG_DIR="$D/config" php -d opcache.enable=0 -S "127.0.0.1:$IDP_PORT" -t "$WWW" >"$D/php.log" 2>&1 &
pids="$pids $!"
await "$IDP/saml2/idp/metadata.php" "$D/php.log"
curl -fsS "$IDP/saml2/idp/metadata.php" -o "$D/idp.xml"

connection=$(plenum saml import --org acme --metadata-file "$D/idp.xml")
METADATA=$(echo "$connection" | field metadataUrl)
curl -fsS "$METADATA" -o "$D/sp.xml"
# SAML-13: our metadata against the schema of OASIS.
xmllint --noout --nonet --schema "$SCHEMAS/saml-schema-metadata-2.0.xsd" "$D/sp.xml"
# SimpleSAMLphp reads it by itself, as an administrator pastes it there; again whenever our keys have moved.
cat >"$D/read-sp.php" <<'PHP'
<?php
putenv("SIMPLESAMLPHP_CONFIG_DIR=" . $argv[2]);
require "/usr/share/simplesamlphp/lib/_autoload.php";
$parsed = SimpleSAML\Metadata\SAMLParser::parseString(file_get_contents($argv[3]));
$sp = $parsed->getMetadata20SP();
unset($sp["entityDescriptor"], $sp["expire"]);
$sp["simplesaml.nameidattribute"] = "uid";
foreach (array_slice($argv, 4) as $setting) {
  [$name, $value] = explode("=", $setting, 2);
  $sp[$name] = $value === "true" ? true : $value;
}
// Put in place at once: another request may be reading the old one.
file_put_contents($argv[1] . ".new", "<?php \$metadata[" . var_export($sp["entityid"], true) . "]=" . var_export($sp, true) . ";");
rename($argv[1] . ".new", $argv[1]);
PHP
php "$D/read-sp.php" "$D/metadata/saml20-sp-remote.php" "$D/config" "$METADATA"

node test/interop/simplesamlphp.mjs "$(echo "$connection" | field loginUrl)" "http://localhost:$PORT" "$D" || {
  for log in "$D/plenum.log" "$D"/log/* "$D/cli.log"; do tail -n 20 "$log"; done >&2
  exit 1
}
