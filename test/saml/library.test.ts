import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { SAML } from "@node-saml/node-saml";
import { getVerifiedXml } from "@node-saml/node-saml/lib/xml";
import { parseXml } from "../../services/kernel/xml/dom";
import { assertion, encode, login, pick, response, type Scene } from "../support/saml-kit";
import { makeScene } from "../support/saml-scene";

// What the verifier relies on in the libraries, and what it must not rely on. An upgrade that changes either shows here.
let scene: Scene;

beforeAll(async () => {
  scene = await makeScene();
});

const manifestFile = join(__dirname, "../../package.json");
const manifest = JSON.parse(readFileSync(manifestFile, "utf8")) as { dependencies: Record<string, string> };

test("SAML-107: the chain of verification is pinned and holds one copy of xmldom and of xml-crypto", () => {
  const from = (name: string, at: string) => createRequire(at).resolve(name);
  const nodeSaml = from("@node-saml/node-saml", manifestFile);
  const xmlCrypto = from("xml-crypto", nodeSaml);

  expect(manifest.dependencies).toMatchObject({
    "@node-saml/node-saml": "5.1.0",
    "@xmldom/xmldom": expect.stringMatching(/^0\.8\.(1[4-9]|[2-9]\d)$/),
    "xml-crypto": expect.stringMatching(/^6\.[3-9]\.\d+$/),
  });
  expect(new Set([manifestFile, nodeSaml, xmlCrypto].map((at) => from("@xmldom/xmldom", at))).size).toBe(1);
  expect(xmlCrypto).toBe(from("xml-crypto", manifestFile));
});

test("SAML-107: the verifier of node-saml answers the canonical octets that were signed, and null for others", () => {
  const xml = login(scene);
  const verified = (text: string, pem = scene.keys.certificatePem) =>
    getVerifiedXml(text, pick(parseXml(text), "Assertion"), [pem]);

  expect(verified(xml)).toMatch(/^<saml:Assertion /);
  expect(verified(xml)).not.toContain("SignatureValue");
  expect(verified(xml.replace("alice-7f3a", "ceo"))).toBeNull();
  expect(verified(xml, scene.foreignKeys.certificatePem)).toBeNull();
  expect(verified(response(scene, assertion(scene)))).toBeNull();
});

test("SAML-107: node-saml alone takes a foreign Issuer and Destination, which is why its profile is not read", async () => {
  const saml = new SAML({
    callbackUrl: scene.acsUrl,
    issuer: scene.spEntityId,
    idpCert: [scene.keys.certificatePem],
    wantAssertionsSigned: true,
    wantAuthnResponseSigned: false,
    acceptedClockSkewMs: -1,
  });
  const other = "https://other.example";
  const xml = login(scene, { assertion: { issuer: other, recipient: other }, response: { destination: other } });

  const { profile } = await saml.validatePostResponseAsync({ SAMLResponse: encode(xml) });

  expect(profile).toMatchObject({ nameID: "alice-7f3a", issuer: other });
});
