import fc from "fast-check";
import { descendants } from "../../services/kernel/xml/dom";
import { decodeMessage, strictBase64 } from "../../services/saml/decode";
import { readTime, writeTime } from "../../services/saml/time";
import type { AssertionFacts } from "../../services/domain/identity";
import { verifyResponse, type Verdict } from "../../services/saml/verify";
import { opens, sealed, sealedInSigned } from "../support/attacks/encryption";
import {
  alg,
  at,
  encode,
  format,
  login,
  makeKeys,
  operate,
  pick,
  trusted,
  trustOf,
  unsolicited,
  type Scene,
} from "../support/saml-kit";
import { makeScene } from "../support/saml-scene";

let scene: Scene;

beforeAll(async () => {
  scene = await makeScene();
});

const verdictOf = (xml: string, trust = trustOf(scene)): Verdict =>
  verifyResponse(xml, trust, { kind: "solicited" }, scene.now);

function factsOf(xml: string, trust = trustOf(scene)): AssertionFacts {
  const verdict = verdictOf(xml, trust);
  if (!verdict.ok) throw new Error(JSON.stringify(verdict.refusal));
  return verdict.facts;
}

test("SAML-24: base64 is strict but for line breaks", () => {
  expect(strictBase64("QUJD\r\nREVG")?.toString()).toBe("ABCDEF");
  for (const bad of ["QUJ", "QUJD=", "QUI", "QU-_", "QUJD REVG", "QUJD\tREVG", "QUL=", "====", ""]) {
    expect([bad, strictBase64(bad)]).toEqual([bad, undefined]);
  }
});

test("SAML-24: any octets survive the round trip, and no second spelling of them is read", () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1, maxLength: 64 }), (octets) => {
      const text = Buffer.from(octets).toString("base64");
      expect(strictBase64(text)).toEqual(Buffer.from(octets));
    }),
  );
});

test("SAML-24: a byte order mark passes, and so do line separators inside what was signed", () => {
  // The signer's parser folds them like the verifier's, so they are signed as references and then spelled out.
  const attributesXml = `<saml:AttributeStatement><saml:Attribute Name="note"><saml:AttributeValue>one&#x2028;two&#x85;three</saml:AttributeValue></saml:Attribute></saml:AttributeStatement>`;
  const signed = login(scene, { assertion: { attributesXml } });
  const raw = `\ufeff${signed.replaceAll(/one.two.three/gsu, "one\u2028two\u0085three")}`;

  const decoded = decodeMessage(encode(raw));

  expect(raw).toContain("one\u2028two\u0085three");
  expect(decoded).toMatchObject({ ok: true });
  expect(decoded.ok && factsOf(decoded.xml).attributes[0]?.values).toEqual(["one\u2028two\u0085three"]);
});

test("SAML-50: xs:dateTime with zone, in this century, and nothing else", () => {
  expect(readTime("2026-03-02T09:00:00Z")?.toISOString()).toBe("2026-03-02T09:00:00.000Z");
  expect(readTime("2026-03-02T09:00:00.5+01:00")?.toISOString()).toBe("2026-03-02T08:00:00.500Z");
  expect(readTime("2024-02-29T23:59:59.1234567-14:00")?.toISOString()).toBe("2024-03-01T13:59:59.123Z");
  for (const bad of [
    "2026-03-02T09:00:00",
    "2026-03-02",
    "1",
    "2099",
    "2023-02-29T00:00:00Z",
    "2026-04-31T00:00:00Z",
    "2026-13-01T00:00:00Z",
    "2026-03-02T24:00:00Z",
    "2026-03-02T09:60:00Z",
    "2026-03-02T09:00:60Z",
    "2026-03-02T09:00:00+15:00",
    "1999-12-31T23:59:59Z",
    "2101-01-01T00:00:00Z",
    "+2026-03-02T09:00:00Z",
    "2026-03-02t09:00:00z",
    " 2026-03-02T09:00:00Z",
    "Mon, 02 Mar 2026 09:00:00 GMT",
  ]) {
    expect([bad, readTime(bad)]).toEqual([bad, undefined]);
  }
  expect(writeTime(new Date("2026-03-02T09:00:00.987Z"))).toBe("2026-03-02T09:00:00Z");
});

test("SAML-50: the skew is between nothing and five minutes, at both ends", () => {
  const late = login(scene, { assertion: { notOnOrAfter: at(scene, -299), confirmationEnd: at(scene, -299) } });

  expect(verdictOf(late, trustOf(scene, { skewMs: 300_000 }))).toMatchObject({ ok: true });
  expect(verdictOf(late, trustOf(scene, { skewMs: 0 }))).toMatchObject({ ok: false, refusal: { code: "expired" } });
});

test.each(["assertion", "response", "both"] as const)(
  "SAML-34: a response signed on the %s passes where the policy is `either`",
  (signed) => {
    const facts = factsOf(login(scene, { signed }));

    // Where the Response is signed its octets hold the assertion; a second verification would only cost.
    expect(facts.signed).toEqual({
      response: signed !== "assertion",
      assertion: signed === "assertion",
      certificate: scene.keys.sha256,
    });
  },
);

test.each([
  ["assertion", "assertion", { response: false, assertion: true }],
  ["assertion", "both", { response: true, assertion: true }],
  ["response", "response", { response: true, assertion: false }],
  ["response", "both", { response: true, assertion: false }],
  ["both", "both", { response: true, assertion: true }],
] as const)("SAML-34: policy `%s` takes a response signed on %s", (signaturePolicy, signed, expected) => {
  expect(factsOf(login(scene, { signed }), trustOf(scene, { signaturePolicy })).signed).toMatchObject(expected);
});

test("SAML-34: a signature that is present has to hold even where the policy needs another", () => {
  const xml = operate(login(scene, { signed: "both" }), (root) =>
    root.setAttribute("Destination", scene.acsUrl.replace("https", "HTTPS")),
  );

  expect(verdictOf(xml)).toMatchObject({ ok: false, refusal: { code: "signature_invalid" } });
});

test.each([
  ["RSA-SHA256", { algorithm: alg.rsaSha256 }],
  ["RSA-SHA512 over SHA-512", { algorithm: alg.rsaSha512, digest: alg.sha512 }],
  ["PrefixList", { prefixes: ["saml"] }],
])("SAML-33: %s is accepted", (_name, o) => {
  expect(factsOf(login(scene, o)).nameId.value).toBe("alice-7f3a");
});

test("SAML-33: inclusive canonicalisation by a switch of the connection", () => {
  const xml = login(scene, { canonicalization: alg.inclusive });

  expect(verdictOf(xml, trustOf(scene, { inclusiveC14n: true }))).toMatchObject({ ok: true });
  expect(verdictOf(xml)).toMatchObject({ ok: false, refusal: { code: "signature_transform" } });
});

test("SAML-33: SHA-1 passes under the exception with a warning", () => {
  const trust = trustOf(scene, { sha1Until: new Date("2026-04-01T00:00:00Z") });

  expect(factsOf(login(scene, { algorithm: alg.rsaSha1, digest: alg.sha1 }), trust).warnings).toEqual(["sha1_used"]);
});

test("SAML-16, SAML-41: any live certificate verifies, in whatever order they stand", async () => {
  const second = await makeKeys("second");
  const both = { certificates: [trusted(second), trusted(scene.keys)] };

  expect(factsOf(login(scene), trustOf(scene, both)).signed.certificate).toBe(scene.keys.sha256);
  expect(factsOf(login(scene, { keys: second }), trustOf(scene, both)).signed.certificate).toBe(second.sha256);
});

test("SAML-10: an expired certificate warns by default", async () => {
  const old = await makeKeys("old", 2048, "2026-03-01T00:00:00Z");
  const trust = trustOf(scene, { certificates: [trusted(old)] });

  expect(factsOf(login(scene, { keys: old }), trust).warnings).toEqual(["certificate_expired"]);
});

const gcm = (bits: number) => `http://www.w3.org/2009/xmlenc11#aes${bits}-gcm`;
const oaep11 = "http://www.w3.org/2009/xmlenc11#rsa-oaep";
const sha256 = "http://www.w3.org/2001/04/xmlenc#sha256";

test.each([
  ["AES-128-GCM", { block: gcm(128) }],
  ["AES-192-GCM", { block: gcm(192) }],
  ["AES-256-GCM", { block: gcm(256) }],
  ["the key beside the data", { peer: true }],
  [
    "OAEP with SHA-256 and MGF1-SHA256",
    { transport: oaep11, digest: sha256, mgf: "http://www.w3.org/2009/xmlenc11#mgf1sha256", hash: "sha256" as const },
  ],
])("SAML-36: %s opens", (_name, o) => {
  const facts = factsOf(sealed(scene, o), trustOf(scene, opens(scene.foreignKeys)));

  expect(facts).toMatchObject({
    encrypted: true,
    nameId: { value: "alice-7f3a" },
    signed: { assertion: true, response: false },
  });
});

test("SAML-36: AES-CBC opens where the Response is signed, or by a switch", () => {
  const block = "http://www.w3.org/2001/04/xmlenc#aes256-cbc";
  const trust = trustOf(scene, opens(scene.foreignKeys));

  expect(verdictOf(sealedInSigned(scene, { block }), trust)).toMatchObject({ ok: true });
  expect(verdictOf(sealed(scene, { block }), { ...trust, cbcUnsigned: true })).toMatchObject({ ok: true });
  expect(verdictOf(sealed(scene, { block }), trust)).toMatchObject({
    ok: false,
    refusal: { code: "encryption_algorithm" },
  });
});

test("SAML-15: every key that is not retired is tried", () => {
  const trust = trustOf(scene, {
    decryptionKeys: [opens(scene.keys), opens(scene.foreignKeys)].flatMap((o) => o.decryptionKeys ?? []),
  });

  expect(verdictOf(sealed(scene), trust)).toMatchObject({ ok: true });
});

test("SAML-45: a lifetime beyond a day is worth a warning", () => {
  const facts = factsOf(login(scene, { assertion: { notOnOrAfter: at(scene, 90_000) } }));

  expect(facts.warnings).toEqual(["lifetime_long"]);
  expect(facts.replayableUntil.toISOString()).toBe(at(scene, 90_000));
});

test("SAML-44: by leniency a signed Response may lack its Destination", () => {
  const xml = login(scene, { signed: "response", response: { destination: null } });

  expect(factsOf(xml, trustOf(scene, { destinationOptional: true })).warnings).toEqual(["destination_absent"]);
});

test("SAML-43: of several confirmations one that meets every demand suffices", () => {
  const confirmation = (recipient: string, method = "bearer") =>
    `<saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:${method}"><saml:SubjectConfirmationData NotOnOrAfter="${at(scene, 300)}" Recipient="${recipient}" InResponseTo="${scene.requestId}"/></saml:SubjectConfirmation>`;
  const xml = login(scene, {
    assertion: {
      confirmationXml:
        confirmation("https://other.example") +
        confirmation(scene.acsUrl, "holder-of-key") +
        confirmation(scene.acsUrl),
    },
  });

  expect(factsOf(xml).inResponseTo).toBe(scene.requestId);
});

test("SAML-49: session index, class and end are kept", () => {
  const facts = factsOf(
    login(scene, {
      assertion: {
        sessionIndex: "_s9",
        sessionEnd: at(scene, 600),
        context: "urn:mfa",
        extraConditions: "<saml:OneTimeUse/><saml:ProxyRestriction/>",
      },
    }),
  );

  expect(facts).toMatchObject({
    sessionIndex: "_s9",
    authnContext: "urn:mfa",
    oneTimeUse: true,
    warnings: ["proxy_restricted"],
  });
  expect(facts.sessionNotOnOrAfter?.toISOString()).toBe(at(scene, 600));
  expect(facts.authnInstant.toISOString()).toBe(at(scene, -20));
});

test("SAML-51: the NameID is trimmed and NFC; what only looks alike stays different", () => {
  const composed = factsOf(login(scene, { assertion: { nameId: " e\u0301lodie\n" } })).nameId;
  const homoglyph = factsOf(login(scene, { assertion: { nameId: "\u0430lice-7f3a" } })).nameId;

  expect(composed).toEqual({
    value: "\u00e9lodie",
    format: format.persistent,
    nameQualifier: null,
    spNameQualifier: null,
  });
  expect(homoglyph.value).not.toBe("alice-7f3a");
  expect(factsOf(login(scene, { assertion: { nameIdFormat: format.transient } })).warnings).toEqual([
    "name_id_transient",
  ]);
});

test("SAML-52: attributes are a list of names, repeated ones are joined and flagged", () => {
  const facts = factsOf(
    login(scene, {
      assertion: {
        attributesXml: `<saml:AttributeStatement><saml:Attribute Name="Role"><saml:AttributeValue>a</saml:AttributeValue></saml:Attribute><saml:Attribute Name="Role" FriendlyName="role"><saml:AttributeValue>b</saml:AttributeValue></saml:Attribute><saml:Attribute Name="__proto__"><saml:AttributeValue>polluted</saml:AttributeValue></saml:Attribute><saml:Attribute Name="targetedId"><saml:AttributeValue><saml:NameID>t-1</saml:NameID></saml:AttributeValue></saml:Attribute><saml:Attribute Name="none"/></saml:AttributeStatement>`,
      },
    }),
  );

  expect(facts.attributes).toEqual([
    { name: "Role", friendlyName: "role", values: ["a", "b"], repeated: true },
    { name: "__proto__", friendlyName: null, values: ["polluted"], repeated: false },
    { name: "targetedId", friendlyName: null, values: ["t-1"], repeated: false },
    { name: "none", friendlyName: null, values: [], repeated: false },
  ]);
  expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
  expect(facts.warnings).toEqual(["attribute_repeated"]);
});

test("SAML-56: an unsolicited response passes only where one is expected", () => {
  const xml = unsolicited(scene, { signed: "response" });

  expect(verifyResponse(xml, trustOf(scene), { kind: "unsolicited" }, scene.now)).toMatchObject({
    ok: true,
    facts: { inResponseTo: null },
  });
  expect(verdictOf(xml)).toMatchObject({ ok: false, refusal: { code: "unsolicited" } });
});

test("SAML-40: the sub-status of a failure reaches the diagnostics, and the claim is kept for the audit", () => {
  const xml = login(scene, {
    signed: "response",
    response: {
      statusXml:
        '<samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Responder"><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:NoAuthnContext"/></samlp:StatusCode></samlp:Status>',
    },
  });

  expect(verdictOf(xml)).toEqual({
    ok: false,
    refusal: {
      code: "status_not_success",
      expected: "urn:oasis:names:tc:SAML:2.0:status:Success",
      received: "urn:oasis:names:tc:SAML:2.0:status:Responder urn:oasis:names:tc:SAML:2.0:status:NoAuthnContext",
    },
    claimed: {
      responseId: expect.stringMatching(/^_r/),
      inResponseTo: scene.requestId,
      issuer: scene.idpEntityId,
      certificate: scene.keys.sha256,
    },
  });
});

test("SAML-96: a refusal names what was expected and what came", () => {
  const verdict = verdictOf(login(scene, { assertion: { audiences: [["https://plenum.example/saml/con_1/"]] } }));

  expect(verdict).toMatchObject({
    refusal: {
      code: "audience_mismatch",
      expected: "https://plenum.example/saml/con_1",
      received: "https://plenum.example/saml/con_1/",
    },
  });
});

// Whatever is done to the octets: either it is refused, or it says what the identity provider said.
test("SAML-35: 1 000 damaged responses never say anything but what was signed", () => {
  const originals = (["assertion", "response", "both"] as const).map((signed) => login(scene, { signed }));
  const original = factsOf(originals[0] ?? "");
  const essence = ({ nameId, attributes, issuer }: AssertionFacts) => ({ nameId, attributes, issuer });

  fc.assert(
    fc.property(fc.constantFrom(...originals), fc.nat(), fc.nat({ max: 255 }), fc.nat(), (xml, place, octet, move) => {
      const octets = Buffer.from(xml);
      octets[place % octets.length] = octet;
      const damaged = [octets.toString("utf8"), moved(xml, place, move)];
      for (const text of damaged) {
        const verdict = verdictOf(text);
        if (verdict.ok) expect(essence(verdict.facts)).toEqual(essence(original));
      }
    }),
    { numRuns: 500, endOnFailure: true },
  );
});

function moved(xml: string, from: number, to: number): string {
  return operate(xml, (root) => {
    const all = [...descendants(root)];
    const source = all[1 + (from % (all.length - 1))] ?? root;
    const target = all[to % all.length] ?? root;
    const copy = source.cloneNode(true) as Element;
    if (to % 3 === 0) for (const nameId of [pick(root, "NameID")]) nameId.textContent = "ceo";
    target.insertBefore(copy, to % 2 === 0 ? target.firstChild : null);
  });
}
