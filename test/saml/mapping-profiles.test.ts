import { changeConnection, guessProfile, mappingProfileNames, readPerson } from "../../services/domain/identity";
import { mappingOfProfile } from "../../services/domain/identity/mapping-profiles";
import type { Database } from "../../services/platform/unit-of-work";
import { verifyField } from "../../services/saml/verify";
import { askedIn, Browser, codeOn, connectIdp, openSaml, sceneFor, type SamlSite } from "../support/saml-door";
import { encode, makeKeys, trustOf, type KeyPair, type Scene, type SignedPart } from "../support/saml-kit";
import { execute } from "../support/saml-rows";
import { makeScene } from "../support/saml-scene";
import { vendorResponse, vendorShapes } from "../support/vendor-shapes";
import { buildOrg, testWorld, type TestOrg } from "../support/world";

let scene: Scene;

beforeAll(async () => {
  scene = await makeScene();
});

const person = { email: "zoe.dupont@acme.example", nameId: "zoe.dupont@acme.example" };
const objectId = "9f3c0d5e-0000-4000-8000-1b2c3d4e5f60";
const groups: Readonly<Record<string, readonly string[]>> = {
  okta: ["Everyone", "staff"],
  entra: ["2f1b3c4d-0000-4000-8000-aaaaaaaaaaaa", "2f1b3c4d-0000-4000-8000-bbbbbbbbbbbb"],
  google: ["staff"],
  onelogin: ["staff"],
  ping: ["staff"],
  adfs: ["Domain Users", "staff"],
  keycloak: ["/staff", "/staff/paris"],
  shibboleth: ["member", "staff"],
};

function read(name: (typeof mappingProfileNames)[number], signed?: SignedPart) {
  const shape = vendorShapes[name];
  const xml = vendorResponse(scene, shape, person, signed);
  const trust = { ...trustOf(scene), idpEntityId: shape.issuer };
  const verdict = verifyField(encode(xml), trust, { kind: "solicited" }, scene.now);
  if (!verdict.ok) throw new Error(`${name}: ${JSON.stringify(verdict.refusal)}`);
  return verdict.facts;
}

test.each(mappingProfileNames)("SAML-70, SAML-109: a response shaped like one of %s is verified and read", (name) => {
  const facts = read(name);
  const known = readPerson(facts, mappingOfProfile(name));

  expect(known).toMatchObject({
    email: { norm: person.email },
    givenName: "Zoé",
    familyName: "Dupont",
    groups: groups[name],
    ambiguous: [],
  });
  expect(known.identity?.key).toBe(name === "entra" ? objectId : person.nameId);
  expect(guessProfile(vendorShapes[name].issuer)).toBe(name);
});

test.each(mappingProfileNames)("SAML-70: the person of %s is found without a profile too", (name) => {
  expect(readPerson(read(name), {})).toMatchObject({
    email: { norm: person.email },
    givenName: "Zoé",
    familyName: "Dupont",
  });
});

test.each(["assertion", "response", "both"] as const)(
  "SAML-70, SAML-34: whichever of its switches an administrator of theirs has set, %s is enough",
  (signed) => {
    for (const name of mappingProfileNames) expect(read(name, signed).nameId.value).toBe(person.nameId);
  },
);

test("SAML-70: an entity id of unknown make suggests nothing", () => {
  expect([guessProfile("https://idp.example/metadata"), guessProfile(null)]).toEqual([undefined, undefined]);
});

describe("over HTTP", () => {
  let db: Database;
  let base: string;
  let keys: KeyPair;
  let org: TestOrg;
  let idp: SamlSite;

  beforeAll(async () => {
    db = await testWorld();
    [base, keys] = await Promise.all([openSaml(db), makeKeys("idp")]);
    org = await buildOrg(db);
    idp = await connectIdp(org, keys, { idpEntityId: vendorShapes.entra.issuer });
  });

  async function enter(nameId: string): Promise<unknown> {
    const browser = new Browser(base);
    const start = await browser.get(idp.connection.urls.loginUrl);
    const { id, relayState } = askedIn(start.location ?? "");
    const xml = vendorResponse(sceneFor(idp, id), vendorShapes.entra, { email: org.email("zoe"), nameId });
    const posted = await browser.post(idp.connection.urls.acsUrl, {
      SAMLResponse: encode(xml),
      RelayState: relayState,
    });
    const visit = posted.location === null ? posted : await browser.get(posted.location);
    if (visit.status !== 303) return codeOn(visit);
    return (JSON.parse((await browser.get("/session")).text) as { member: string }).member;
  }

  test("SAML-70, SAML-60: under Entra's profile a person keeps their member when their name changes; roles stay mapped", async () => {
    const change = (more: object) =>
      org.run((tx) => changeConnection(tx, { id: idp.connection.id, change: more }), org.operator);
    const roles = { when: "first_login" as const, rules: [{ value: "staff", role: "MEMBER" as const }] };
    await change({ mapping: { roles } });

    const { mapping } = await change({ profile: "entra", mapping: { displayName: "cn" } });
    expect(mapping).toEqual({
      identity: "http://schemas.microsoft.com/identity/claims/objectidentifier",
      groups: "http://schemas.microsoft.com/ws/2008/06/identity/claims/groups",
      displayName: "cn",
      roles,
    });

    const before = await enter(org.email("zoe.dupont"));
    expect(before).toMatch(/^mem_/);
    expect(await enter(org.email("zoe.martin"))).toBe(before);
    expect(await execute(org, `select 1 from sso_identity where org_id = $1 and name_id_key = '${objectId}'`)).toBe(1);
    await expect(change({ profile: "lotus-notes" })).rejects.toMatchObject({
      code: "invalid",
      facts: { field: "profile" },
    });
  });
});
