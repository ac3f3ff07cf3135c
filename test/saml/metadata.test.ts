import { PlenumError } from "../../services/kernel/errors";
import { attribute, children, parseXml, textOf } from "../../services/kernel/xml/dom";
import { prescan } from "../../services/kernel/xml/prescan";
import { readCertificate, readCertificates } from "../../services/domain/identity/certificates";
import { readMetadata } from "../../services/domain/identity/read-metadata";
import { readEndpoint } from "../../services/domain/identity/saml-settings";
import { writeIdpMetadata } from "../../services/domain/identity/write-idp-metadata";
import { emailAddress, persistent, writeMetadata, type SpDescription } from "../../services/saml/metadata-write";
import { bare, idpMetadata, keyDescriptor } from "../support/idp-metadata";
import { makeKeys, type KeyPair } from "../support/saml-kit";
import { weakKeys } from "../support/attacks/weak-keys";

let keys: KeyPair;
let second: KeyPair;
const now = new Date("2026-03-02T09:00:00Z");
const read = (xml: string, more = {}) => readMetadata(xml, { now, httpAllowed: false, ...more });

beforeAll(async () => {
  [keys, second] = await Promise.all([makeKeys("idp"), makeKeys("second")]);
});

function reasonOf(work: () => unknown): unknown {
  try {
    work();
    return "accepted";
  } catch (error) {
    if (error instanceof PlenumError) return [error.code, error.facts["reason"]];
    throw error;
  }
}

test("SAML-03, SAML-04: metadata becomes one record", () => {
  const record = read(
    idpMetadata(keys, { sloUrl: "https://idp.acme.example/slo", attributes: ' validUntil="2026-09-01T00:00:00Z"' }),
  );

  expect(record).toEqual({
    idpEntityId: "https://idp.acme.example/metadata",
    ssoUrl: "https://idp.acme.example/sso?tenant=a&b=c",
    ssoBinding: "REDIRECT",
    sloUrl: "https://idp.acme.example/slo",
    sloBinding: "REDIRECT",
    certificates: [expect.objectContaining({ sha256: keys.sha256, subject: "CN=idp", keyType: "rsa", keyBits: 2048 })],
    signRequests: true,
    validUntil: new Date("2026-09-01T00:00:00Z"),
  });
});

test("SAML-03: import, export and import again give the same record", () => {
  const record = read(
    idpMetadata(keys, {
      sloUrl: "https://idp.acme.example/slo?a=1&amp;b=2",
      keysXml: keyDescriptor(keys) + keyDescriptor(second),
    }),
  );

  expect(read(writeIdpMetadata(record))).toEqual(record);
});

test("SAML-04, SAML-A84: a key without `use` signs, a key for encryption does not", () => {
  expect(read(idpMetadata(keys, { keysXml: keyDescriptor(keys) })).certificates.map((c) => c.sha256)).toEqual([
    keys.sha256,
  ]);
  expect(
    read(
      idpMetadata(keys, { keysXml: keyDescriptor(second, "encryption") + keyDescriptor(keys, "signing") }),
    ).certificates.map((c) => c.sha256),
  ).toEqual([keys.sha256]);
  expect(reasonOf(() => read(idpMetadata(keys, { keysXml: keyDescriptor(keys, "encryption") })))).toEqual([
    "invalid",
    "no_signing_certificate",
  ]);
  expect(reasonOf(() => read(idpMetadata(keys, { keysXml: "" })))).toEqual(["invalid", "no_signing_certificate"]);
});

test("SAML-04, SAML-16: all signing certificates are taken, the same one once", () => {
  const record = read(
    idpMetadata(keys, {
      keysXml: keyDescriptor(keys, "signing") + keyDescriptor(second, "signing") + keyDescriptor(keys),
    }),
  );

  expect(record.certificates.map((c) => c.sha256)).toEqual([keys.sha256, second.sha256]);
});

test("SAML-04: POST where there is no Redirect, and nothing else", () => {
  const of = (binding: string) =>
    `<md:SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:${binding}" Location="https://idp.acme.example/${binding}"/>`;

  expect(read(idpMetadata(keys, { ssoXml: of("SOAP") + of("HTTP-POST") }))).toMatchObject({
    ssoBinding: "POST",
    ssoUrl: "https://idp.acme.example/HTTP-POST",
  });
  expect(read(idpMetadata(keys, { ssoXml: of("HTTP-POST") + of("HTTP-Redirect") }))).toMatchObject({
    ssoBinding: "REDIRECT",
  });
  expect(reasonOf(() => read(idpMetadata(keys, { ssoXml: of("SOAP") })))).toEqual(["invalid", "no_sso_service"]);
});

test("SAML-04: an aggregate needs a choice", () => {
  const one = (id: string) => idpMetadata(keys, { entityId: id }).replace(/<\?xml[^>]*\?>|<!--.*?-->/g, "");
  const aggregate = `<md:EntitiesDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata">${one("https://a.example")}${one("https://b.example")}</md:EntitiesDescriptor>`;

  expect(read(aggregate, { entityId: "https://b.example" }).idpEntityId).toBe("https://b.example");
  expect(reasonOf(() => read(aggregate))).toEqual(["invalid", "several_entities"]);
  expect(reasonOf(() => read(aggregate, { entityId: "https://c.example" }))).toEqual(["invalid", "entity_not_found"]);
  expect(reasonOf(() => read(aggregate.replace("b.example", "a.example"), { entityId: "https://a.example" }))).toEqual([
    "invalid",
    "entity_not_found",
  ]);
});

test.each([
  ["DOCTYPE", (xml: string) => xml.replace("<md:Entity", "<!DOCTYPE x><md:Entity"), "xml_doctype"],
  [
    "an entity",
    (xml: string) => xml.replace("<md:Entity", '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><md:Entity'),
    "xml_doctype",
  ],
  ["50 MB", (xml: string) => xml + " ".repeat(50_000_000) + "x", "xml_too_large"],
  [
    "10 000 keys",
    (xml: string) => xml.replace("<md:NameIDFormat>", `${"<md:KeyDescriptor/>".repeat(10_000)}<md:NameIDFormat>`),
    "xml_too_many_elements",
  ],
  [
    "six certificates",
    (xml: string) =>
      xml.replace(/<md:KeyDescriptor[^]*?<\/md:KeyDescriptor>/, (one) =>
        ["A", "B", "C", "D", "E", "F"].map((c) => one.replace("MII", `MI${c}`)).join(""),
      ),
    "too_many_certificates",
  ],
  [
    "javascript",
    (xml: string) => xml.replace(/Location="[^"]*sso[^"]*"/, 'Location="javascript:alert(1)"'),
    "url_scheme",
  ],
  ["http", (xml: string) => xml.replace("https://idp.acme.example/sso", "http://idp.acme.example/sso"), "url_scheme"],
  [
    "a user name in the URL",
    (xml: string) => xml.replace("https://idp.acme.example/sso", "https://a:b@idp.acme.example/sso"),
    "url_user_name",
  ],
  [
    "a fragment",
    (xml: string) => xml.replace("https://idp.acme.example/sso", "https://idp.acme.example/#sso"),
    "url_fragment",
  ],
  [
    "expired",
    (xml: string) => xml.replace("entityID=", 'validUntil="2026-03-02T09:00:00Z" entityID='),
    "metadata_expired",
  ],
  ["an odd validUntil", (xml: string) => xml.replace("entityID=", 'validUntil="never" entityID='), "valid_until"],
  [
    "a private key",
    (xml: string) =>
      xml.replace(
        /<ds:X509Certificate>[^<]*/,
        "<ds:X509Certificate>-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----",
      ),
    "private_key",
  ],
  [
    "no certificate",
    (xml: string) => xml.replace(/<ds:X509Certificate>[^<]*/, "<ds:X509Certificate>AAAA"),
    "certificate_unreadable",
  ],
  [
    "a service provider",
    (xml: string) => xml.replaceAll("IDPSSODescriptor", "SPSSODescriptor"),
    "no_identity_provider",
  ],
  ["SAML 1.1 only", (xml: string) => xml.replace(" urn:oasis:names:tc:SAML:2.0:protocol", ""), "no_identity_provider"],
  ["no entity id", (xml: string) => xml.replace(/entityID="[^"]*"/, ""), "entity_id"],
  ["another document", () => "<html/>", "no_metadata"],
  ["no XML", () => "hello", "xml_content_outside_root"],
])("SAML-A93: metadata with %s is refused", (_name, spoil, reason) => {
  const xml = idpMetadata(keys);

  expect(reasonOf(() => read(xml))).toBe("accepted");
  expect(reasonOf(() => read(spoil(xml)))).toEqual(["invalid", reason]);
});

test("SAML-08: an address keeps its query; http only where the installation allows it", () => {
  expect(readEndpoint("ssoUrl", "https://idp.example/sso?a=1", { httpAllowed: false })).toBe(
    "https://idp.example/sso?a=1",
  );
  expect(readEndpoint("ssoUrl", "http://127.0.0.1:7000/sso", { httpAllowed: true })).toBe("http://127.0.0.1:7000/sso");
  for (const bad of [
    "/sso",
    "https://",
    "data:text/html,x",
    "ftp://x.example",
    "https://x.example/ y",
    "https://x.example/\\y",
    "",
  ]) {
    expect([bad, reasonOf(() => readEndpoint("ssoUrl", bad, { httpAllowed: true }))]).toEqual([
      bad,
      ["invalid", expect.stringMatching(/^url_/)],
    ]);
  }
});

test("SAML-09: certificates in any wrapping, without the wrong ones", () => {
  const pem = keys.certificatePem;
  for (const text of [
    pem,
    pem.replaceAll("\n", "\r\n"),
    bare(keys),
    `  ${bare(keys).replace(/(.{20})/g, "$1 \n")}`,
    `Bag Attributes\n${pem}`,
  ]) {
    expect(readCertificate("certificate", text)).toMatchObject({
      sha256: keys.sha256,
      keyBits: 2048,
      validTo: new Date("2036-01-01T00:00:00Z"),
    });
  }
  expect(reasonOf(() => readCertificate("certificate", keys.privateKeyPem))).toEqual(["invalid", "private_key"]);
  expect(reasonOf(() => readCertificate("certificate", `${pem}${keys.privateKeyPem}`))).toEqual([
    "invalid",
    "private_key",
  ]);
  expect(reasonOf(() => readCertificate("certificate", "nonsense"))).toEqual(["invalid", "certificate_unreadable"]);
  expect(reasonOf(() => readCertificate("certificate", weakKeys.rsa1024.certificatePem))).toEqual([
    "invalid",
    "key_too_short",
  ]);
  expect(reasonOf(() => readCertificates("certificates", []))).toEqual(["invalid", "no_signing_certificate"]);
  expect(reasonOf(() => readCertificates("certificates", [pem, bare(keys)]))).toEqual([
    "invalid",
    "duplicate_certificate",
  ]);
  expect(
    reasonOf(() =>
      readCertificates(
        "certificates",
        Array.from({ length: 6 }, () => pem),
      ),
    ),
  ).toEqual(["invalid", "too_many_certificates"]);
});

const described = (more: Partial<SpDescription> = {}): SpDescription => ({
  entityId: "https://plenum.example/saml/con_1",
  acsUrl: "https://plenum.example/saml/con_1/acs",
  sloUrl: "https://plenum.example/saml/con_1/slo",
  signingCertificates: [keys.certificatePem, second.certificatePem],
  encryptionCertificates: [second.certificatePem],
  signRequests: true,
  signaturePolicy: "either",
  nameIdFormats: [persistent, emailAddress],
  validUntil: new Date("2029-03-02T09:00:00.123Z"),
  ...more,
});

test("SAML-13, SAML-16: our metadata has every part in the order of the schema", () => {
  const { xml } = writeMetadata(described());
  const root = parseXml(xml);
  const [descriptor] = children(root);

  expect(prescan(xml)).toBeUndefined();
  // A copy is read again within the hour, so that a key that was shown so long is known everywhere (SAML-16).
  expect(["entityID", "validUntil", "cacheDuration"].map((name) => attribute(root, name))).toEqual([
    "https://plenum.example/saml/con_1",
    "2029-03-02T09:00:00Z",
    "PT1H",
  ]);
  expect(
    children(descriptor as Element).map((e) => [
      e.localName,
      attribute(e, "use") ?? attribute(e, "Binding")?.split(":").at(-1) ?? textOf(e),
    ]),
  ).toEqual([
    ["KeyDescriptor", "signing"],
    ["KeyDescriptor", "signing"],
    ["KeyDescriptor", "encryption"],
    ["SingleLogoutService", "HTTP-Redirect"],
    ["SingleLogoutService", "HTTP-POST"],
    ["NameIDFormat", persistent],
    ["NameIDFormat", emailAddress],
    ["AssertionConsumerService", "HTTP-POST"],
  ]);
  expect(xml).toContain('index="0" isDefault="true"');
  expect(xml).toContain('AuthnRequestsSigned="true" WantAssertionsSigned="true"');
});

test("SAML-13: the entity tag follows the octets; what is foreign is escaped", () => {
  const one = writeMetadata(described());

  expect(writeMetadata(described())).toEqual(one);
  expect(writeMetadata(described({ signRequests: false })).etag).not.toBe(one.etag);
  expect(one.etag).toMatch(/^"[\w-]{22}"$/);
  expect(writeMetadata(described({ signaturePolicy: "response" })).xml).toContain('WantAssertionsSigned="false"');
  expect(
    attribute(parseXml(writeMetadata(described({ entityId: 'https://x.example/?a=1&b="<' })).xml), "entityID"),
  ).toBe('https://x.example/?a=1&b="<');
});
