import { listEntries, sealEntries } from "../../../services/domain/audit";
import { changeOrganization } from "../../../services/domain/organizations";
import { sql, statement } from "../../../services/platform/sql";
import { buildOrg, testWorld, type TestOrg } from "../../support/world";
import { refusal } from "../subscriptions/support";
import { seal, signer, superuser, verify } from "./support";

const scene = async () => buildOrg(await testWorld(), { seats: 30 });
const rename = (org: TestOrg, name: string) => org.run((tx) => changeOrganization(tx, { name }));
const feed = statement(
  "test-feed",
  `select id, feed_seq as "feedSeq" from domain_event where org_id = $1 order by feed_seq`,
);
const order = statement("test-order", `select action, seq from audit_entry where org_id = $1 order by seq`);

test("SEC-51: sealing chains what was appended, once, and goes on where it stopped", async () => {
  const org = await scene();
  const first = await seal(org);
  expect(first.entries).toBeGreaterThan(2);
  expect(await seal(org)).toEqual({ entries: 0, events: 0, more: false });
  await rename(org, "Second");
  await rename(org, "Third");
  expect(await seal(org)).toEqual({ entries: 2, events: 2, more: false });
  const rows = await org.run((tx) => sql(tx).many<{ action: string; seq: string }>(order, [tx.orgId]));
  expect(rows.map((row) => row.seq)).toEqual(rows.map((_, i) => String(i + 1)));
  expect(rows.slice(-2).map((row) => row.action)).toEqual(["organization.change", "organization.change"]);
  expect((await verify(org)).ok).toBe(true);
});

test("GQL-20, ruling a6: domain events get their number in the same pass, without gap, a late commit the next one", async () => {
  const org = await scene();
  await seal(org);
  await rename(org, "Early");
  await seal(org);
  // Began first, commits last: its id is older than those that are numbered already.
  const late = org.run(async (tx) => {
    await changeOrganization(tx, { name: "Late" });
    await new Promise((done) => setTimeout(done, 150));
  });
  await org.add("anne");
  await late;
  await seal(org);
  const rows = await org.run((tx) => sql(tx).many<{ feedSeq: string }>(feed, [tx.orgId]));
  expect(rows.map((row) => row.feedSeq)).toEqual(rows.map((_, i) => String(i + 1)));
});

test("SEC-51: sealers at the same moment make one chain", async () => {
  const org = await scene();
  await Promise.all(Array.from({ length: 20 }, (_, i) => org.add(`p${i}`)));
  const results = await Promise.allSettled(Array.from({ length: 6 }, () => seal(org)));
  expect(results.filter((r) => r.status === "fulfilled").length).toBeGreaterThanOrEqual(1);
  await seal(org);
  const report = await verify(org);
  expect(report).toMatchObject({ ok: true, unsealed: 0 });
});

test("SEC-51: more than one batch is sealed batch by batch, in the order of writing", async () => {
  const org = await scene();
  const admin = await superuser();
  await admin.query(
    `insert into audit_entry (org_id, at, id, caller_kind, actor, action, result, facts, request_id)
     select $1, now() + n * interval '1 millisecond', gen_random_uuid(), 'system', '{}', 'test.' || n, 'DONE', '{}', 'r'
     from generate_series(1, 1500) n`,
    [org.orgId],
  );
  expect((await seal(org)).more).toBe(true);
  expect((await seal(org)).more).toBe(false);
  const rows = await org.run((tx) => sql(tx).many<{ action: string }>(order, [tx.orgId]));
  const numbers = rows.map((row) => /^test\.(\d+)$/.exec(row.action)?.[1]).filter((n) => n !== undefined);
  expect(numbers).toEqual(Array.from({ length: 1500 }, (_, i) => String(i + 1)));
  expect(await verify(org)).toMatchObject({ ok: true, unsealed: 0 });
});

test("SEC-52: the application may neither change nor delete what it has appended, nor the head's past", async () => {
  const org = await scene();
  await seal(org);
  const attempts = [
    statement("test-edit", `update audit_entry set action = 'x' where org_id = $1`),
    statement("test-delete", `delete from audit_entry where org_id = $1`),
    statement("test-event", `update domain_event set payload = '{}' where org_id = $1`),
  ];
  for (const attempt of attempts) {
    await expect(org.run((tx) => sql(tx).exec(attempt, [tx.orgId]), org.system)).rejects.toMatchObject({
      code: "42501",
    });
  }
  const member = org.run((tx) => sealEntries(tx, { signer }));
  expect((await refusal(member)).facts).toEqual({ permission: "operate" });
});

test("SEC-50, SUB-13: the log is read newest first, by pages, by thing, person, action and outcome", async () => {
  const org = await scene();
  const anne = await org.add("anne");
  await rename(org, "Second");
  await seal(org);
  await rename(org, "Third");
  const list = (page: Omit<Parameters<typeof listEntries>[1], "first">, first = 100) =>
    org.run((tx) => listEntries(tx, { first, ...page }));
  const all = await list({});
  expect(all.slice(0, 2).map((e) => [e.action, e.seq === null])).toEqual([
    ["organization.change", true],
    ["organization.change", false],
  ]);
  const [newest] = all;
  expect(await list(newest ? { after: newest } : {})).toEqual(all.slice(1));
  expect((await list({ targetId: anne.id })).map((e) => e.action)).toEqual(["member.add", "seat.take"]);
  expect((await list({ action: "organization" })).map((e) => e.action)).toEqual([
    ...["organization.change", "organization.change", "organization.create"],
  ]);
  expect(await list({ action: "organ" })).toEqual([]);
  expect((await list({ actorId: org.ownerId })).map((e) => e.action)).toEqual([
    ...["organization.change", "organization.change"],
  ]);
  expect(await list({ result: "DENIED" })).toEqual([]);
  const added = all.find((e) => e.targetId === anne.id && e.action === "member.add");
  expect(added).toMatchObject({ callerKind: "operator", before: null, after: { userName: org.email("anne") } });
  const asMember = org.run((tx) => listEntries(tx, { first: 1 }), org.person(anne.id, "MEMBER"));
  expect((await refusal(asMember)).facts).toEqual({ permission: "audit:read" });
});
