import { entranceOf, switchConnection } from "../../services/domain/identity";
import { parseId } from "../../services/kernel/ids";
import type { Database } from "../../services/platform/unit-of-work";
import { refusal } from "../support/identity";
import { at, login as answerOf, makeKeys, type KeyPair } from "../support/saml-kit";
import { askedIn, Browser, codeOn, connectIdp, openSaml, sceneFor, signIn, type SamlSite } from "../support/saml-door";
import { configure, execute, requestRow } from "../support/saml-rows";
import { buildOrg, publicUrl, testWorld, type TestOrg } from "../support/world";

let db: Database;
let base: string;
let keys: KeyPair;
let org: TestOrg;
let idp: SamlSite;

beforeAll(async () => {
  db = await testWorld();
  [base, keys] = await Promise.all([openSaml(db), makeKeys("idp")]);
});
beforeEach(async () => {
  org = await buildOrg(db);
  idp = await connectIdp(org, keys);
});

const owner = (authnInstant?: string) => ({
  assertion: {
    nameId: "owner",
    attributes: [["email", [org.email("owner")]]] as const,
    ...(authnInstant === undefined ? {} : { authnInstant }),
  },
});
/** Asks for a sign-in and answers that the person proved who they are so many seconds ago. */
async function ask(browser: Browser, secondsAgo: number, query = "?reauth=1") {
  const start = await browser.get(idp.connection.urls.loginUrl + query);
  const { id, relayState, xml } = askedIn(start.location ?? "");
  const scene = sceneFor(idp, id);
  const answer = answerOf(scene, owner(at(scene, -secondsAgo)));
  const SAMLResponse = Buffer.from(answer, "utf8").toString("base64");
  const posted = await browser.post(idp.connection.urls.acsUrl, { SAMLResponse, RelayState: relayState });
  return { id, xml, posted, visit: posted.location === null ? posted : await browser.get(posted.location) };
}
const whoIs = (browser: Browser) => {
  const secret = browser.cookies.get(`${publicUrl} plenum_session`) ?? "";
  return entranceOf(secret, org.origin)!;
};

test("SAML-21: `reauth` asks with ForceAuthn, an ordinary sign-in does not", async () => {
  const browser = new Browser(base);

  expect((await ask(browser, 0)).xml).toContain(' ForceAuthn="true"');
  expect((await ask(browser, 0, "")).xml).not.toContain("ForceAuthn");
  expect((await ask(browser, 0, "?reauth=0")).xml).not.toContain("ForceAuthn");
});

test("SAML-46: for `reauth` the person must have proved who they are since they were asked, by the connection's clock skew", async () => {
  const browser = new Browser(base);

  const old = await ask(browser, 120);
  expect([old.posted.status, codeOn(old.posted)]).toEqual([403, "authn_too_long_ago"]);
  expect(old.posted.text).toContain(`${idp.connection.urls.loginUrl}?reauth=1`);
  expect(await requestRow(org, old.id)).toEqual({ status: "PENDING", failures: 1 });
  expect((await ask(browser, 30)).visit.status).toBe(303);
  // The same is good enough for an ordinary sign-in.
  expect((await ask(browser, 120, "")).visit.status).toBe(303);

  await configure(org, idp.connection.id, { skew_seconds: 0 });
  expect(codeOn((await ask(browser, 30)).posted)).toBe("authn_too_long_ago");
  await configure(org, idp.connection.id, { skew_seconds: 300 });
  expect((await ask(browser, 120)).visit.status).toBe(303);
});

test("SAML-47: five old answers burn the request; a used one is used", async () => {
  const browser = new Browser(base);
  const start = await browser.get(`${idp.connection.urls.loginUrl}?reauth=1`);
  const { id, relayState } = askedIn(start.location ?? "");
  const scene = sceneFor(idp, id);
  const post = (secondsAgo: number, n: number) => {
    const o = owner(at(scene, -secondsAgo)).assertion;
    const xml = answerOf(scene, { assertion: { ...o, id: `_${n}` } });
    return browser.post(idp.connection.urls.acsUrl, {
      SAMLResponse: Buffer.from(xml, "utf8").toString("base64"),
      RelayState: relayState,
    });
  };

  const codes = [];
  for (let n = 0; n < 6; n++) codes.push(codeOn(await post(600, n)));
  expect(codes).toEqual([...Array.from({ length: 5 }, () => "authn_too_long_ago"), "request_burnt"]);
  expect(codeOn(await post(0, 7))).toBe("request_burnt");
});

test("SAML-11, SAML-21: whose sign-in is too old is told where to prove themselves, and may then", async () => {
  const browser = new Browser(base);
  await signIn(browser, idp, owner());
  await execute(org, "update login_session set auth_at = now() - interval '20 minutes' where org_id = $1");
  const id = parseId("connection", idp.connection.urls.connectionId);
  const change = () => refusal(db.run(whoIs(browser), (tx) => switchConnection(tx, { id, to: "ACTIVE" })));
  const reauthUrl = `${idp.connection.urls.loginUrl}?reauth=1`;

  expect(await change()).toEqual({
    code: "forbidden",
    facts: { reason: "reauthentication_required", maxAgeMinutes: 15, reauthUrl },
  });
  await ask(browser, 0);
  expect(await change()).toBe("done");
});
