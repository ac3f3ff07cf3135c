import { dayMs } from "../../services/kernel/clock";
import type { Database } from "../../services/platform/unit-of-work";
import { at, login, makeKeys, type KeyPair } from "../support/saml-kit";
import { answered, Browser, codeOn, connectIdp, openSaml, sceneFor, signIn, type SamlSite } from "../support/saml-door";
import { buildOrg, testWorld, type TestOrg } from "../support/world";

let db: Database;
let base: string;
let org: TestOrg;
let idp: SamlSite;
let keys: KeyPair;

beforeAll(async () => {
  db = await testWorld();
  [base, keys] = await Promise.all([openSaml(db), makeKeys("idp", 2048, "2036-01-01T00:00:00Z")]);
  org = await buildOrg(db);
  idp = await connectIdp(org, keys);
});

/** The value of one series, as the scraper reads it. */
async function figure(name: string, labels: Record<string, string> = {}): Promise<number | undefined> {
  const text = await (await fetch(`${base}/metrics`)).text();
  const wanted = Object.entries(labels).map(([label, value]) => `${label}="${value}"`);
  const line = text.split("\n").find((one) => {
    const [series = ""] = one.split(" ");
    return (series === name || series.startsWith(`${name}{`)) && wanted.every((label) => series.includes(label));
  });
  return line === undefined ? undefined : Number(line.split(" ").at(-1));
}

const person = (name: string) => ({
  assertion: { nameId: `id-${name}`, attributes: [["email", [org.email(name)]]] as const },
});

test("SAML-101: sign-ins count by connection and outcome, refusals by code, replays among them", async () => {
  const connection = idp.connection.id;
  const browser = new Browser(base);
  await signIn(browser, idp, person("ada"));
  const { form } = await answered(browser, idp, person("ada"));
  await browser.post(idp.connection.urls.acsUrl, form);
  const again = await browser.post(idp.connection.urls.acsUrl, form);
  const bad = await browser.post(idp.connection.urls.acsUrl, { SAMLResponse: "bm8=" });

  expect(codeOn(again)).toBe("replayed");
  expect(await figure("plenum_saml_sign_ins_total", { connection, outcome: "taken" })).toBe(2);
  expect(await figure("plenum_saml_sign_ins_total", { connection, outcome: "refused" })).toBe(2);
  expect(await figure("plenum_saml_refusals_total", { code: "replayed" })).toBe(1);
  expect(await figure("plenum_saml_refusals_total", { code: codeOn(bad) })).toBe(1);
});

test("SAML-101: durations, threads and what they were given", async () => {
  expect(await figure("plenum_saml_validation_seconds_count")).toBe(4);
  expect(await figure("plenum_saml_validation_seconds_sum")).toBeGreaterThan(0.004);
  expect(await figure("plenum_saml_validations_total", { end: "finished" })).toBe(4);
  expect(await figure("plenum_saml_validations_total", { end: "killed" })).toBe(0);
  expect(await figure("plenum_saml_validations", { state: "waiting" })).toBe(0);
});

test("SAML-101: how long certificates last and how far clocks are apart", async () => {
  const connection = idp.connection.id;
  const ends = Date.parse("2036-01-01T00:00:00Z");
  const daysLeft = Math.floor((ends - Date.now()) / dayMs);
  expect(await figure("plenum_saml_certificate_days_left", { connection, whose: "idp" })).toBe(daysLeft);
  expect(await figure("plenum_saml_certificate_days_left", { connection, whose: "sp" })).toBe(daysLeft);

  const { requestId, form } = await answered(new Browser(base), idp);
  const scene = sceneFor(idp, requestId);
  const late = login(scene, { assertion: { ...person("ada").assertion, issueInstant: at(scene, -40) } });
  const posted = await new Browser(base).post(idp.connection.urls.acsUrl, {
    ...form,
    SAMLResponse: Buffer.from(late).toString("base64"),
  });
  expect(posted.status).toBe(303);
  const offset = (await figure("plenum_saml_idp_clock_seconds", { connection })) ?? 0;
  expect(offset).toBeGreaterThanOrEqual(40);
  expect(offset).toBeLessThan(50);
  expect(Math.abs((await figure("plenum_clock_offset_seconds")) ?? 99)).toBeLessThan(0.5);
});

test("SAML-101: the database's silence is no reason not to answer the scraper", async () => {
  const broken = await testWorld({ poolMax: 1 });
  const lonely = await openSaml(broken);
  await broken.source.destroy();

  const answer = await fetch(`${lonely}/metrics`);

  expect(answer.status).toBe(200);
  expect(await answer.text()).not.toMatch(/^plenum_clock_offset_seconds \d/m);
});
