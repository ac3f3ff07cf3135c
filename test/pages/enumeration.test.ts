import { randomUUID } from "node:crypto";
import { discoverConnections } from "../../services/domain/identity";
import { parseEmail } from "../../services/kernel/email";
import { listMails, nobody, takeUnsentMails } from "../../services/platform/lobby";
import type { Database } from "../../services/platform/unit-of-work";
import { pruneLobbyRows } from "../../services/worker/prune.store";
import { asSuperuser } from "../support/identity";
import { Browser, openSaml } from "../support/saml-door";
import { buildOrg, testWorld, unique, type TestOrg } from "../support/world";

let db: Database;
let base: string;
let org: TestOrg;
let heard: string[] = [];

beforeAll(async () => {
  db = await testWorld({ poolMax: 20, observe: (text) => heard.push(text) });
  base = await openSaml(db);
  org = await buildOrg(db, { seats: 30 });
});

/** What a request made the database do, and what came back. */
async function traced(work: () => Promise<{ status: number; text: string; headers: Headers }>) {
  heard = [];
  const { status, text, headers } = await work();
  const shown = [...headers.entries()].filter(([name]) => !["x-request-id", "date"].includes(name));
  // A nonce is drawn for each page.
  const plain = (part: string) => part.replace(/nonce[-=]["']?[\w+/=]{24}/g, "nonce");
  return { statements: heard, status, text: plain(text), headers: shown.map(([name, value]) => [name, plain(value)]) };
}
const ask = (email: string) => traced(() => new Browser(base).post("/sign-in", { email }, { "accept-language": "en" }));
const rows = () =>
  asSuperuser<{ links: number; mails: number }>(
    `select (select count(*)::integer from sign_in_link) as links, (select count(*)::integer from outgoing_mail) as mails`,
  );
async function written(email: string): Promise<{ links: number; mails: number }> {
  const [before] = await rows();
  await ask(email);
  const [after] = await rows();
  return { links: after!.links - before!.links, mails: after!.mails - before!.mails };
}

test("SAML-77, SAML-A91: an address with an account and one without get the same answer by the same statements and rows", async () => {
  const known = org.email("owner");
  const unknown = org.email(unique("nobody"));

  const [one, two] = [await ask(known), await ask(unknown)];

  expect(one.status).toBe(202);
  expect(two).toEqual(one);
  // Two lines: the limit per network, and everything else.
  expect(one.statements).toHaveLength(2);
  expect(await written(known)).toEqual({ links: 1, mails: 1 });
  expect(await written(unknown)).toEqual({ links: 1, mails: 1 });
  const mails = (await listMails(db, 1000)).map((mail) => mail.to);
  expect([mails.filter((to) => to === known).length, mails.filter((to) => to === unknown).length]).toEqual([2, 0]);
});

test("SAML-A91, SEC-22: the limit of letters falls at the same request for both, also for many at once", async () => {
  const member = await org.add(unique("many"));
  const unknown = org.email(unique("nobody"));
  for (const email of [member.loginEmail!, unknown]) {
    await Promise.all(Array.from({ length: 12 }, () => ask(email)));
    const kept = await asSuperuser("select from outgoing_mail where recipient = $1", [email]);
    expect([email === unknown, kept.length]).toEqual([email === unknown, 5]);
    expect(await written(email)).toEqual({ links: 0, mails: 0 });
  }
});

test("SAML-A91, SEC-03: the letter goes to the mailbox of the account, not to a look-alike that somebody typed", async () => {
  const member = await org.add(unique("finn"));
  const typed = member.loginEmail!.replace("fi", "\ufb01");
  expect(typed).not.toBe(member.loginEmail);

  expect(await written(typed)).toEqual({ links: 1, mails: 1 });

  const to = async (recipient: string) =>
    (await asSuperuser("select from outgoing_mail where recipient = $1", [recipient])).length;
  expect([await to(typed), await to(member.loginEmail!)]).toEqual([0, 1]);
  // What a mail server might read as another host is no address at all.
  expect(await written(`${member.loginEmail!}/.evil.test`)).toEqual({ links: 0, mails: 0 });
});

test("SAML-A91: what is written for nobody opens nothing, is never sent, and goes within the hour", async () => {
  const unknown = org.email(unique("nobody"));
  await ask(unknown);

  const [row] = await asSuperuser<{ text: string }>(
    "select text_body as text from outgoing_mail where recipient = $1",
    [unknown],
  );
  const secret = /\/sign-in\/([\w-]{43})/.exec(row!.text)![1]!;
  const page = await new Browser(base).get(`/sign-in/${secret}`);
  expect(page.text).not.toContain("<button name");
  expect((await new Browser(base).post(`/sign-in/${secret}`, "")).status).toBe(404);
  expect((await takeUnsentMails(db, 1000)).map((mail) => mail.to)).not.toContain(unknown);
  expect(await asSuperuser("select from person_email where person_id = $1", [nobody])).toEqual([]);

  await asSuperuser("update outgoing_mail set created_at = now() - interval '61 minutes' where recipient = $1", [
    unknown,
  ]);
  await pruneLobbyRows(db);
  expect(await asSuperuser("select from outgoing_mail where recipient = $1", [unknown])).toEqual([]);
});

test("SAML-77, SAML-A91: discovery looks at the domain alone", async () => {
  const origin = { requestId: randomUUID() };
  const trace = async (email: string) => {
    heard = [];
    const found = await discoverConnections(db, parseEmail("email", email), origin);
    return { found, heard };
  };

  expect(await trace(org.email("owner"))).toEqual(await trace(org.email(unique("nobody"))));
  const get = (email: string) => traced(() => new Browser(base).get(`/sso?email=${encodeURIComponent(email)}`));
  expect(await get(org.email("owner"))).toEqual(await get(org.email(unique("nobody"))));
});
