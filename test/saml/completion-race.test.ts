import {
  addCertificate,
  compromiseCertificate,
  retireCertificate,
  switchConnection,
} from "../../services/domain/identity";
import { listCertificateRows } from "../../services/domain/identity/certificate.store";
import type { Database } from "../../services/platform/unit-of-work";
import { answered, Browser, codeOn, connectIdp, openSaml, type SamlSite } from "../support/saml-door";
import { makeKeys, type KeyPair } from "../support/saml-kit";
import { configure, countsOf, execute } from "../support/saml-rows";
import { buildOrg, testWorld, type TestOrg } from "../support/world";

let db: Database;
let base: string;
let keys: KeyPair;

beforeAll(async () => {
  db = await testWorld({ poolMax: 20 });
  [base, keys] = await Promise.all([openSaml(db), makeKeys("idp")]);
});

/** A sign-in that stands before its last step. */
async function halfway(org: TestOrg, idp: SamlSite, name: string): Promise<{ browser: Browser; location: string }> {
  const browser = new Browser(base);
  const { form } = await answered(browser, idp, {
    assertion: { nameId: `id-${name}`, attributes: [["email", [org.email(name)]]] },
  });
  const posted = await browser.post(idp.connection.urls.acsUrl, form);
  return { browser, location: posted.location ?? `no way on: ${codeOn(posted)}` };
}

const liveSessions = "select 1 from login_session where org_id = $1 and method = 'SAML' and ended_at is null";

test("SAML-12, SAML-87: sign-ins that complete while their connection is switched off leave no session that lives", async () => {
  const org = await buildOrg(db, { seats: 50 });
  const idp = await connectIdp(org, keys);
  for (let round = 0; round < 3; round++) {
    await configure(org, idp.connection.id, { saml_state: "ACTIVE" });
    const names = Array.from({ length: 8 }, (_, i) => `race-${round % 2}-${i}`);
    const waiting = await Promise.all(names.map((name) => halfway(org, idp, name)));

    const off = org.run((tx) => switchConnection(tx, { id: idp.connection.id, to: "DISABLED" }), org.operator);
    const visits = await Promise.all(waiting.map(({ browser, location }) => browser.get(location)));
    await off;

    expect(visits.filter(({ status }) => status !== 303).map(codeOn)).toEqual(
      visits.filter(({ status }) => status !== 303).map(() => "connection_inactive"),
    );
    expect(await execute(org, liveSessions)).toBe(0);
  }
});

test("SAML-A105, SAML-A94: a certificate that is compromised between the verdict and completion takes the sign-in with it", async () => {
  const org = await buildOrg(db);
  const idp = await connectIdp(org, keys);
  const { browser, location } = await halfway(org, idp, "late");
  const before = await countsOf(org);

  await org.run(async (tx) => {
    const [certificate] = await listCertificateRows(tx, idp.connection.id);
    await compromiseCertificate(tx, { id: certificate?.id ?? ("" as never) });
  }, org.operator);

  expect(codeOn(await browser.get(location))).toBe("trust_changed");
  expect(await countsOf(org)).toEqual(before);
});

test("SAML-15, SAML-16: a certificate retired between the verdict and completion fails nobody's sign-in", async () => {
  const org = await buildOrg(db);
  const idp = await connectIdp(org, keys);
  const { browser, location } = await halfway(org, idp, "rotated");

  await org.run(async (tx) => {
    const [old] = await listCertificateRows(tx, idp.connection.id);
    await addCertificate(tx, { connectionId: idp.connection.id, certificate: (await makeKeys("next")).certificatePem });
    await retireCertificate(tx, { id: old?.id ?? ("" as never) });
  }, org.operator);

  expect((await browser.get(location)).status).toBe(303);
  expect(await execute(org, liveSessions)).toBe(1);
  // What is signed from now on vouches no more.
  expect((await halfway(org, idp, "late")).location).toMatch(/no way on/);
});

test("SAML-60: an answer of the identity provider before the last one makes nobody's identity", async () => {
  const org = await buildOrg(db);
  const idp = await connectIdp(org, keys);
  const { browser, location } = await halfway(org, idp, "old-provider");

  await configure(org, idp.connection.id, { idp_entity_id: "https://new.example/metadata" });

  expect(codeOn(await browser.get(location))).toBe("trust_changed");
  expect(await execute(org, "select 1 from sso_identity where org_id = $1")).toBe(0);
});
