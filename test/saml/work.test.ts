import type { Database } from "../../services/platform/unit-of-work";
import { answered, Browser, connectIdp, openSaml, signIn, type SamlSite } from "../support/saml-door";
import { makeKeys } from "../support/saml-kit";
import { buildOrg, testWorld, type TestOrg } from "../support/world";

const statements: string[] = [];
let db: Database;
let base: string;
let org: TestOrg;
let idp: SamlSite;

beforeAll(async () => {
  db = await testWorld({ observe: (text) => statements.push(text) });
  const [opened, keys] = await Promise.all([openSaml(db), makeKeys("idp")]);
  base = opened;
  org = await buildOrg(db);
  idp = await connectIdp(org, keys);
});

async function during<T>(work: () => Promise<T>): Promise<{ result: T; count: number }> {
  statements.length = 0;
  const result = await work();
  return { result, count: statements.length };
}

// `saml.acs` measures the time; what can be counted is held here, on any machine.
test("SAML-108: a sign-in of somebody who is known asks the database for little, twice", async () => {
  const person = { assertion: { nameId: "ada", attributes: [["email", [org.email("ada")]]] as const } };
  await signIn(new Browser(base), idp, person);
  const browser = new Browser(base);
  const { form } = await answered(browser, idp, person);

  const posted = await during(() => browser.post(idp.connection.urls.acsUrl, form));
  expect(posted.result.status).toBe(303);
  const completed = await during(() => browser.get(posted.result.location ?? ""));
  expect(completed.result.status).toBe(303);

  expect(posted.count).toBeLessThanOrEqual(5);
  expect(completed.count).toBeLessThanOrEqual(10);
});

test("SAML-A91, SAML-77: whether a mailbox has an account shows in no answer of discovery, nor in the work behind it", async () => {
  const ask = async (email: string) => {
    const began = performance.now();
    const answer = await fetch(`${base}/sso?email=${encodeURIComponent(email)}`, {
      headers: { accept: "application/json" },
    });
    const body = await answer.text();
    return { shape: `${answer.status} ${body}`, ms: performance.now() - began };
  };
  const known = (await during(() => ask(org.email("owner")))).count;
  const unknown = (await during(() => ask(org.email("nobody")))).count;
  expect(known).toBe(unknown);

  const times: { known: number[]; unknown: number[] } = { known: [], unknown: [] };
  const shapes = new Set<string>();
  for (let i = 0; i < 500; i++) {
    for (const [kind, name] of [
      ["known", "owner"],
      ["unknown", `nobody-${i}`],
    ] as const) {
      const { shape, ms } = await ask(org.email(name));
      shapes.add(shape);
      times[kind].push(ms);
    }
  }
  expect([...shapes]).toEqual([`200 ${JSON.stringify({ loginUrl: idp.connection.urls.loginUrl })}`]);
  const middle = (list: number[]) => [...list].sort((a, b) => a - b)[250] ?? 0;
  // Taken in turns, so that whatever else the machine does falls on both.
  const ratio = middle(times.known) / middle(times.unknown);
  expect(ratio).toBeGreaterThan(0.75);
  expect(ratio).toBeLessThan(1.33);
});
