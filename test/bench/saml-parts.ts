import { createHash, createPublicKey, createSign, createVerify } from "node:crypto";
import { SAML, ValidateInResponseTo } from "@node-saml/node-saml";
import { getVerifiedXml } from "@node-saml/node-saml/lib/xml";
import { ExclusiveCanonicalization } from "xml-crypto";
import { parseXml } from "../../services/kernel/xml/dom";
import { messageLimits, prescan } from "../../services/kernel/xml/prescan";
import { decodeMessage } from "../../services/saml/decode";
import { verifyField } from "../../services/saml/verify";
import { login, makeKeys, trustOf, type Scene } from "../support/saml-kit";

// Where the time of one validation goes, part by part, in CPU milliseconds of one thread: the figures of
// docs/saml-performance.md. `node services/build.mjs && node dist/test/bench/saml-parts.js`
const repeats = 400;

async function main(): Promise<void> {
  const keys = await makeKeys("idp");
  const scene: Scene = {
    now: new Date(),
    idpEntityId: "https://idp.example/metadata",
    spEntityId: "https://plenum.example/saml/con_1",
    acsUrl: "https://plenum.example/saml/con_1/acs",
    requestId: "_0123456789abcdef",
    keys,
    foreignKeys: keys,
  };
  const xml = login(scene);
  const field = Buffer.from(xml).toString("base64");
  const trust = trustOf(scene);
  const root = parseXml(xml);
  const assertion = root.getElementsByTagNameNS("*", "Assertion").item(0) as Element;
  const signature = root.getElementsByTagNameNS("*", "Signature").item(0) as Element;
  const signedInfo = signature.getElementsByTagNameNS("*", "SignedInfo").item(0) as Element;
  const canonical = new ExclusiveCanonicalization().process(assertion, {});
  const key = createPublicKey(keys.certificatePem);
  const signed = createSign("sha256").update(canonical).sign(keys.privateKeyPem);
  const saml = new SAML({
    callbackUrl: scene.acsUrl,
    issuer: scene.spEntityId,
    idpCert: keys.certificatePem,
    wantAuthnResponseSigned: false,
    validateInResponseTo: ValidateInResponseTo.never,
  });

  const parts: readonly [string, () => unknown][] = [
    ["base64 and UTF-8, strictly", () => decodeMessage(field)],
    ["pre-scan of the text", () => prescan(xml, messageLimits)],
    ["one parse into a DOM", () => parseXml(xml)],
    ["canonicalising the assertion", () => new ExclusiveCanonicalization().process(assertion, {})],
    ["canonicalising SignedInfo", () => new ExclusiveCanonicalization().process(signedInfo, {})],
    ["SHA-256 of the assertion", () => createHash("sha256").update(canonical).digest()],
    ["RSA verification", () => createVerify("sha256").update(canonical).verify(key, signed)],
    ["node-saml's verifier (getVerifiedXml)", () => getVerifiedXml(xml, assertion, [key as unknown as string])],
    ["our whole verdict (verifyField)", () => verifyField(field, trust, { kind: "solicited" }, new Date())],
    ["node-saml's validatePostResponseAsync", () => saml.validatePostResponseAsync({ SAMLResponse: field })],
  ];
  const table: Record<string, { "CPU ms": number }> = {};
  for (const [name, once] of parts) table[name] = { "CPU ms": await cpuOf(once) };
  console.log(`a response of ${xml.length} octets, assertion signed, RSA-2048 and SHA-256`);
  console.table(table);
}

async function cpuOf(once: () => unknown): Promise<number> {
  for (let i = 0; i < 50; i++) await once();
  const before = process.cpuUsage();
  for (let i = 0; i < repeats; i++) await once();
  const { user, system } = process.cpuUsage(before);
  return Number(((user + system) / 1000 / repeats).toFixed(3));
}

void main();
