import { createPrivateKey, createVerify } from "node:crypto";
import { inflateRawSync } from "node:zlib";
import { SignedXml } from "xml-crypto";
import { attribute, children, parseXml, textOf } from "../../services/kernel/xml/dom";
import { signMessage, writeAuthnRequest, type AuthnRequest } from "../../services/saml/authn-request";
import { newRelayState, newXmlId, redirectUrl } from "../../services/saml/write";
import { makeKeys, pick, type KeyPair } from "../support/saml-kit";

let keys: KeyPair;

beforeAll(async () => {
  keys = await makeKeys("sp");
});

const request = (more: Partial<AuthnRequest> = {}): AuthnRequest => ({
  id: newXmlId(),
  issuedAt: new Date("2026-03-02T09:00:00.500Z"),
  destination: "https://idp.example/sso?tenant=1&x=2",
  acsUrl: "https://plenum.example/saml/con_1/acs",
  issuer: "https://plenum.example/saml/con_1",
  forceAuthn: false,
  nameIdFormat: null,
  ...more,
});

test("SAML-21: the request names where it goes, where the answer belongs and who asks, and demands nothing else", () => {
  const asked = request();
  const root = parseXml(writeAuthnRequest(asked));

  expect(
    Object.fromEntries(
      ["ID", "Version", "IssueInstant", "Destination", "AssertionConsumerServiceURL", "ProtocolBinding"].map((name) => [
        name,
        attribute(root, name),
      ]),
    ),
  ).toEqual({
    ID: asked.id,
    Version: "2.0",
    IssueInstant: "2026-03-02T09:00:00Z",
    Destination: "https://idp.example/sso?tenant=1&x=2",
    AssertionConsumerServiceURL: "https://plenum.example/saml/con_1/acs",
    ProtocolBinding: "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST",
  });
  expect(children(root).map((e) => [e.localName, textOf(e)])).toEqual([
    ["Issuer", "https://plenum.example/saml/con_1"],
  ]);
  expect([attribute(root, "ForceAuthn"), attribute(root, "IsPassive")]).toEqual([undefined, undefined]);
});

test("SAML-21: re-authentication and a name format are asked for where somebody wants them", () => {
  const root = parseXml(writeAuthnRequest(request({ forceAuthn: true, nameIdFormat: "urn:x" })));

  expect(attribute(root, "ForceAuthn")).toBe("true");
  expect(attribute(pick(root, "NameIDPolicy"), "Format")).toBe("urn:x");
});

test("SAML-18, SAML-22: request ids and relay states cannot be guessed and fit everywhere", () => {
  const ids = Array.from({ length: 100 }, newXmlId);

  expect(new Set(ids).size).toBe(100);
  expect(ids.every((id) => /^_[0-9a-f]{40}$/.test(id))).toBe(true);
  expect(Array.from({ length: 100 }, newRelayState).every((state) => /^[A-Za-z0-9_-]{24}$/.test(state))).toBe(true);
});

test.each([
  ["https://idp.example/sso", "https://idp.example/sso?SAMLRequest="],
  ["https://idp.example/sso?tenant=1", "https://idp.example/sso?tenant=1&SAMLRequest="],
  ["https://idp.example/sso?", "https://idp.example/sso?SAMLRequest="],
])("SAML-08, SAML-19: %s keeps its query", (address, start) => {
  const xml = writeAuthnRequest(request());

  expect(
    redirectUrl(address, { parameter: "SAMLRequest", xml, relayState: null, signWith: null }).startsWith(start),
  ).toBe(true);
});

test("SAML-19: DEFLATE, base64, and a signature over the octets as they are sent", () => {
  const xml = writeAuthnRequest(request());
  // Characters that `querystring` and `URLSearchParams` spell differently break node-saml's own signatures.
  const relayState = "a b!'()~*";
  const url = redirectUrl("https://idp.example/sso?tenant=1", {
    parameter: "SAMLRequest",
    xml,
    relayState,
    signWith: createPrivateKey(keys.privateKeyPem),
  });

  const raw = url.slice(url.indexOf("SAMLRequest="));
  const [signed, signature] = raw.split("&Signature=") as [string, string];
  const query = new URLSearchParams(raw);
  expect(signed.split("&").map((part) => part.split("=")[0])).toEqual(["SAMLRequest", "RelayState", "SigAlg"]);
  expect(query.get("SigAlg")).toBe("http://www.w3.org/2001/04/xmldsig-more#rsa-sha256");
  expect(
    createVerify("sha256").update(signed).verify(keys.certificatePem, decodeURIComponent(signature), "base64"),
  ).toBe(true);
  expect(
    createVerify("sha256").update(`${signed}x`).verify(keys.certificatePem, decodeURIComponent(signature), "base64"),
  ).toBe(false);
  expect(inflateRawSync(Buffer.from(query.get("SAMLRequest") ?? "", "base64")).toString()).toBe(xml);
  expect(query.get("RelayState")).toBe(relayState);
});

test("SAML-20: for the POST binding the signature is enveloped, after the Issuer, and an independent verifier takes it", () => {
  const asked = request();
  const signed = signMessage(writeAuthnRequest(asked), asked.id, keys);
  const root = parseXml(signed);
  const verifier = new SignedXml({ publicCert: keys.certificatePem });
  verifier.loadSignature(pick(root, "Signature"));

  expect(children(root).map((e) => e.localName)).toEqual(["Issuer", "Signature"]);
  expect(verifier.checkSignature(signed)).toBe(true);
  expect(attribute(pick(root, "SignatureMethod"), "Algorithm")).toBe(
    "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
  );
  expect(attribute(pick(root, "DigestMethod"), "Algorithm")).toBe("http://www.w3.org/2001/04/xmlenc#sha256");
});
