import {
  explainIdpError,
  hintCodes,
  hintsFor,
  hintText,
  idpErrorText,
  type HintCode,
  type HintContext,
} from "../../services/domain/identity";
import { examineForReport } from "../../services/saml/report";
import type { Trust } from "../../services/saml/trust";
import { opens, sealed } from "../support/attacks/encryption";
import { weakKeys } from "../support/attacks/weak-keys";
import {
  alg,
  assertion,
  at,
  encode,
  format,
  login,
  response,
  statusOf,
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

const context: HintContext = { hasDecryptionKey: false, outcome: null, emailFound: true };
const examine = (xml: string, trust: Partial<Trust> = {}) =>
  examineForReport(encode(xml), trustOf(scene, trust), { kind: "solicited" }, scene.now);
const failing = (code: string, sub?: string) =>
  response(scene, "", {
    statusXml: `<samlp:Status><samlp:StatusCode Value="${statusOf(code)}">${sub ? `<samlp:StatusCode Value="${statusOf(sub)}"/>` : ""}</samlp:StatusCode></samlp:Status>`,
  });
const audience = (text: string) => login(scene, { assertion: { audiences: [[text]] } });

interface Fixture {
  readonly code: HintCode;
  readonly xml: () => string;
  readonly trust?: () => Partial<Trust>;
  readonly context?: Partial<HintContext>;
  /** What the sentence must name. */
  readonly names?: () => readonly string[];
}

const sp = () => scene.spEntityId;
const fixtures: readonly Fixture[] = [
  { code: "audience_slash", xml: () => audience(`${sp()}/`), names: () => [sp(), `${sp()}/`] },
  { code: "audience_case", xml: () => audience(sp().replace("con_1", "CON_1")), names: () => ["CON_1"] },
  { code: "audience_scheme", xml: () => audience(sp().replace("https:", "http:")), names: () => ["http://plenum"] },
  {
    code: "audience_other",
    xml: () => audience("urn:amazon:webservices"),
    names: () => ["urn:amazon:webservices", sp()],
  },
  { code: "audience_absent", xml: () => login(scene, { assertion: { audiences: [] } }), names: () => [sp()] },
  {
    code: "recipient_wrong",
    xml: () => login(scene, { assertion: { recipient: "https://old.example/acs" } }),
    names: () => ["https://old.example/acs", scene.acsUrl],
  },
  {
    code: "destination_wrong",
    xml: () => login(scene, { response: { destination: "https://old.example/acs" } }),
    names: () => ["https://old.example/acs"],
  },
  {
    code: "destination_absent",
    xml: () => login(scene, { signed: "response", response: { destination: null } }),
    names: () => [scene.acsUrl],
  },
  {
    code: "certificate_unknown",
    xml: () => login(scene, { keys: scene.foreignKeys }),
    names: () => [scene.foreignKeys.sha256, "CN=stranger", "2036"],
  },
  {
    code: "certificate_expired",
    xml: () => login(scene, { keys: weakKeys.expired }),
    trust: () => ({ certificates: [trusted(weakKeys.expired)], expiredCertificates: "enforce" }),
  },
  {
    code: "certificate_weak",
    xml: () => login(scene, { keys: weakKeys.rsa1024 }),
    trust: () => ({ certificates: [trusted(weakKeys.rsa1024)] }),
  },
  { code: "sha1", xml: () => login(scene, { algorithm: alg.rsaSha1, digest: alg.sha1 }), names: () => ["rsa-sha1"] },
  {
    code: "inclusive_c14n",
    xml: () => login(scene, { canonicalization: alg.inclusive }),
    names: () => ["REC-xml-c14n-20010315"],
  },
  {
    code: "sign_assertion",
    xml: () => login(scene, { signed: "response" }),
    trust: () => ({ signaturePolicy: "assertion" }),
  },
  { code: "sign_response", xml: () => login(scene), trust: () => ({ signaturePolicy: "response" }) },
  { code: "sign_either", xml: () => response(scene, assertion(scene)) },
  { code: "encryption_no_key", xml: () => sealed(scene) },
  {
    code: "encryption_wrong_key",
    xml: () => sealed(scene),
    trust: () => opens(scene.keys),
    context: { hasDecryptionKey: true },
  },
  {
    code: "encryption_weak",
    xml: () => sealed(scene, { block: "http://www.w3.org/2001/04/xmlenc#aes256-cbc" }),
    names: () => ["aes-256-cbc"],
  },
  {
    code: "clock_ahead",
    xml: () =>
      login(scene, { assertion: { issueInstant: at(scene, 200) }, response: { issueInstant: at(scene, 200) } }),
    names: () => ["200"],
  },
  {
    code: "clock_behind",
    xml: () =>
      login(scene, { assertion: { issueInstant: at(scene, -700) }, response: { issueInstant: at(scene, -700) } }),
    names: () => ["700"],
  },
  { code: "name_id_absent", xml: () => login(scene, { assertion: { nameId: null } }) },
  {
    code: "name_id_transient",
    xml: () => login(scene, { assertion: { nameIdFormat: format.transient } }),
    context: { outcome: "name_id_transient" },
  },
  { code: "name_id_format", xml: () => login(scene), context: { outcome: "name_id_missing" } },
  {
    code: "email_absent",
    xml: () =>
      login(scene, {
        assertion: {
          attributes: [
            ["uid", ["alice"]],
            ["contactAddress", ["alice@acme.example"]],
          ],
        },
      }),
    context: { emailFound: false, outcome: "email_missing" },
    names: () => ["uid, contactAddress", "contactAddress"],
  },
  { code: "status_authn_context", xml: () => failing("Responder", "NoAuthnContext"), names: () => ["NoAuthnContext"] },
  { code: "status_name_id_policy", xml: () => failing("Requester", "InvalidNameIDPolicy") },
  { code: "status_denied", xml: () => failing("Responder", "RequestDenied") },
  { code: "status_responder", xml: () => failing("Responder"), names: () => ["status:Responder"] },
  { code: "status_requester", xml: () => failing("Requester") },
  { code: "unsolicited", xml: () => unsolicited(scene) },
  { code: "replayed", xml: () => login(scene), context: { outcome: "replayed" } },
  { code: "domain_not_verified", xml: () => login(scene), context: { outcome: "email_domain_not_owned" } },
  { code: "seats_full", xml: () => login(scene), context: { outcome: "seats_exhausted" } },
  { code: "member_deactivated", xml: () => login(scene), context: { outcome: "member_deactivated" } },
  { code: "member_unknown", xml: () => login(scene), context: { outcome: "member_unknown" } },
  { code: "provisioning_off", xml: () => login(scene), context: { outcome: "provisioning_off" } },
  {
    code: "issuer_changed",
    xml: () => login(scene, { assertion: { issuer: "https://new.example" } }),
    names: () => ["https://new.example", scene.idpEntityId],
  },
  {
    code: "group_overage",
    xml: () =>
      login(scene, {
        assertion: {
          attributes: [
            ["email", ["a@b.example"]],
            ["http://schemas.microsoft.com/claims/groups.link", ["https://graph"]],
          ],
        },
      }),
  },
];

test.each(fixtures.map((fixture) => [fixture.code, fixture] as const))(
  "SAML-97: %s is found, first, and says what to do in both languages",
  (code, fixture) => {
    const evidence = examine(fixture.xml(), fixture.trust?.());
    const hints = hintsFor(evidence, { ...context, ...fixture.context });

    expect(hints[0]?.code).toBe(code);
    for (const locale of ["fr", "en"] as const) {
      const text = hints[0] ? hintText(locale, hints[0]) : "";
      for (const name of fixture.names?.() ?? []) expect(text).toContain(name);
      expect(text).toMatch(/^[A-ZÉÀ].{20,}\.$/s);
      expect(text).not.toMatch(/\{\w+\}/);
    }
  },
);

test("SAML-97: every hint has a fixture, and a sign-in that works needs none", () => {
  expect(new Set(fixtures.map(({ code }) => code))).toEqual(new Set(hintCodes));
  expect(hintsFor(examine(login(scene)), context)).toEqual([]);
});

test.each([
  ["AADSTS700016: Application with identifier 'https://x' was not found in the directory", "aadsts700016"],
  ["Sorry, but we're having trouble signing you in. AADSTS50011: The redirect URI …", "aadsts50011"],
  ["AADSTS75011: Authentication method 'X509, MultiFactor' …", "aadsts75011"],
  ["AADSTS50105: Your administrator has configured the application …", "aadsts50105"],
  ["AADSTS650056: Misconfigured application", "aadsts650056"],
  ["403. That's an error. Error: app_not_configured_for_user", "google_not_configured"],
  ["Error: app_not_enabled_for_user", "google_not_enabled"],
  ["Error: app_not_configured", "google_app_unknown"],
] as const)("SAML-97: a pasted %s is explained", (text, code) => {
  expect(explainIdpError(text)).toBe(code);
  expect(idpErrorText("fr", code)).not.toBe(idpErrorText("en", code));
});

test("SAML-97: what is no error code stays unexplained", () => {
  expect(explainIdpError("it does not work")).toBeUndefined();
});

test("SAML-96: the report lists every rule in order, with both values, and what was not reached", () => {
  const evidence = examine(
    login(scene, { assertion: { audiences: [["https://other.example"]], recipient: "https://other.example" } }),
  );
  const failed = evidence.checks.filter((line) => line.result === "fail");

  expect(evidence.refusal?.code).toBe("audience_mismatch");
  expect(failed).toEqual([
    {
      requirement: "SAML-42",
      code: "audience_mismatch",
      result: "fail",
      expected: scene.spEntityId,
      received: "https://other.example",
    },
    {
      requirement: "SAML-43",
      code: "recipient_mismatch",
      result: "fail",
      expected: scene.acsUrl,
      received: "https://other.example",
    },
  ]);
  expect(evidence.checks.filter((line) => line.result === "skipped")).toEqual([]);
  expect(evidence.checks.length).toBeGreaterThan(40);
  expect(evidence.signatures).toEqual([
    { on: "Assertion", algorithm: alg.rsaSha256, digest: alg.sha256, certificate: scene.keys.sha256 },
  ]);
  expect(evidence.clockOffsetSeconds).toBe(-1);
  expect(evidence.facts).toBeNull();
});

test("SAML-96: behind a signature that does not hold nothing is reached, and nothing is shown of what it covers", () => {
  const evidence = examine(login(scene, { keys: scene.foreignKeys }));

  expect(evidence.checks[0]).toMatchObject({ code: "signature_invalid", result: "fail" });
  expect(evidence.checks.filter((line) => line.requirement === "SAML-42").map((line) => line.result)).toEqual([
    "skipped",
    "skipped",
  ]);
  expect(evidence.facts).toBeNull();
  expect(JSON.stringify(evidence)).not.toContain("alice");
});

test("SAML-96: what is no XML at all has a report too", () => {
  expect(examineForReport("!", trustOf(scene), { kind: "solicited" }, scene.now)).toMatchObject({
    refusal: { code: "base64_invalid" },
    checks: expect.arrayContaining([expect.objectContaining({ code: "base64_invalid", result: "fail" })]),
    signatures: [],
  });
});
