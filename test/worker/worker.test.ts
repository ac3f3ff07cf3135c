import { addMember } from "../../services/domain/members";
import { assignTemplate, createTemplate, listEventTypes } from "../../services/domain/event-types";
import { verifyEntries } from "../../services/domain/audit";
import { changeOrganization } from "../../services/domain/organizations";
import { keepMail, listMails } from "../../services/platform/lobby";
import { lobbySql, sql, statement } from "../../services/platform/sql";
import { releaseLostJobs } from "../../services/worker/lost-jobs.store";
import { repeat } from "../../services/worker/repeat";
import { sendMails } from "../../services/worker/send-mails";
import { pruneOrganization, pruneLobbyRows } from "../../services/worker/prune.store";
import { connect, testDatabase } from "../support/database";
import { buildOrg, type TestOrg } from "../support/world";
import { FakeMailer, lonelyDatabase, startWorker, tools, until } from "./support";

const unsealed = statement(
  "test-unsealed",
  `select count(*)::integer as n from audit_entry where org_id = $1 and seq is null`,
);
const countUnsealed = async (org: TestOrg) =>
  (await org.run((tx) => sql(tx).one<{ n: number }>(unsealed, [tx.orgId]), org.system)).n;
const laterAgain = statement(
  "test-mail-later",
  `update outgoing_mail set next_attempt_at = now() - interval '1 second' where sent_at is null`,
);

const lockAll = statement(
  "test-lock-jobs",
  `update graphile_worker._private_jobs set locked_by = $1, locked_at = now() - make_interval(secs => $2)`,
);

const letter = (to: string) => ({ to, subject: "s", text: "t", html: "<p>t</p>" });

test("EVT-07, decision 14: who comes by SCIM has the standard event types within seconds, with two workers running", async () => {
  const db = await lonelyDatabase(undefined, 2);
  const org = await buildOrg(db, { seats: 20 });
  const template = await org.run((tx) =>
    createTemplate(tx, { kind: "ONE_ON_ONE", slug: "demo", values: { name: "Demo" } }),
  );
  await org.run((tx) => assignTemplate(tx, { templateId: template.id, targets: { allFuture: true } }));
  await startWorker(db);
  await startWorker(db);
  const members = await Promise.all(
    Array.from({ length: 10 }, (_, i) =>
      org.run((tx) => addMember(tx, { profile: { userName: org.email(`p${i}`) }, origin: "SCIM" }), org.operator),
    ),
  );
  const have = async () => {
    const lists = await Promise.all(
      members.map(({ member }) => org.run((tx) => listEventTypes(tx, { memberId: member.id, first: 10 }))),
    );
    return lists.map((list) => list.map((e) => e.slug).join());
  };
  const tookMs = await until(async () => (await have()).every((slugs) => slugs === "demo"), 8_000);
  expect(await have()).toEqual(Array.from({ length: 10 }, () => "demo"));
  expect(tookMs).toBeLessThan(5_000);
}, 30_000);

test("SEC-51: what is written is sealed about a second later, and the log holds", async () => {
  const db = await lonelyDatabase();
  const org = await buildOrg(db);
  const worker = await startWorker(db);
  await until(async () => (await countUnsealed(org)) === 0);
  const times: number[] = [];
  for (let n = 0; n < 5; n++) {
    await org.run((tx) => changeOrganization(tx, { name: `Name ${n}` }));
    times.push(await until(async () => (await countUnsealed(org)) === 0));
  }
  expect(Math.max(...times)).toBeLessThan(1_500);
  const report = await org.run((tx) => verifyEntries(tx, { signer: tools.signer }));
  expect(report).toMatchObject({ ok: true, unsealed: 0 });
  await worker.close();
  await org.run((tx) => changeOrganization(tx, { name: "After the end" }));
  await new Promise((done) => setTimeout(done, 800));
  expect(await countUnsealed(org)).toBe(1);
}, 30_000);

test("REL-21: when the database cuts every connection, deliveries and seals go on a moment later", async () => {
  const db = await lonelyDatabase();
  const org = await buildOrg(db, { seats: 9 });
  await startWorker(db);
  await until(async () => (await countUnsealed(org)) === 0);
  const { superUrl } = await testDatabase();
  const admin = await connect({ ...superUrl, database: "postgres" });
  const { name } = await lobbySql(db).one<{ name: string }>(statement("test-db", "select current_database() as name"));
  const cut = () =>
    admin.query("select pg_terminate_backend(pid) from pg_stat_activity where datname = $1 and datname <> 'postgres'", [
      name,
    ]);
  for (let n = 0; n < 5; n++) {
    await cut();
    await new Promise((done) => setTimeout(done, 100));
  }
  const template = await org.run((tx) =>
    createTemplate(tx, { kind: "ONE_ON_ONE", slug: "demo", values: { name: "Demo" } }),
  );
  await org.run((tx) => assignTemplate(tx, { templateId: template.id, targets: { allFuture: true } }));
  const anne = await org.add("anne");
  const have = () => org.run((tx) => listEventTypes(tx, { memberId: anne.id, first: 10 }));
  await until(async () => (await have()).length === 1 && (await countUnsealed(org)) === 0, 15_000);
  expect((await have()).map((e) => e.slug)).toEqual(["demo"]);
  expect(await countUnsealed(org)).toBe(0);
}, 40_000);

test("REL-13, decision 14: the delivery that a killed worker took with it is taken over by the next one", async () => {
  const db = await lonelyDatabase();
  const org = await buildOrg(db, { seats: 9 });
  const template = await org.run((tx) =>
    createTemplate(tx, { kind: "ONE_ON_ONE", slug: "demo", values: { name: "Demo" } }),
  );
  await org.run((tx) => assignTemplate(tx, { templateId: template.id, targets: { allFuture: true } }));
  const anne = await org.add("anne");
  await lobbySql(db).exec(lockAll, ["ghost", 60]);
  expect(await releaseLostJobs(db)).toBe(0);
  await lobbySql(db).exec(lockAll, ["ghost", 121]);
  await startWorker(db);
  const have = () => org.run((tx) => listEventTypes(tx, { memberId: anne.id, first: 10 }));
  await until(async () => (await have()).length === 1);
  expect((await have()).map((e) => e.slug)).toEqual(["demo"]);
});

test("GQL-08: closing the worker ends what runs and leaves no connection of its own", async () => {
  const db = await lonelyDatabase();
  await buildOrg(db);
  const worker = await startWorker(db);
  await new Promise((done) => setTimeout(done, 300));
  const began = performance.now();
  await worker.close();
  expect(performance.now() - began).toBeLessThan(3_000);
});

test("REL-12: a mail is sent once by however many workers, and one that is refused holds up no other", async () => {
  const db = await lonelyDatabase();
  const org = await buildOrg(db);
  const recipients = Array.from({ length: 25 }, (_, i) => `p${i}@elsewhere.test`);
  await org.run(async (tx) => {
    for (const to of recipients) await keepMail(tx, letter(to), null);
  });
  const mailer = new FakeMailer((mail) => mail.to === "p0@elsewhere.test");
  const send = () => sendMails({ db, mailer, log: tools.log });
  while ((await Promise.all([send(), send(), send()])).some((more) => more));
  expect(mailer.sent.map((mail) => mail.to).sort()).toEqual(recipients.slice(1).sort());
  expect(mailer.tried.filter((to) => to === "p0@elsewhere.test")).toHaveLength(1);

  await send();
  expect(mailer.tried.filter((to) => to === "p0@elsewhere.test")).toHaveLength(1);
  for (let n = 2; n <= 22; n++) {
    await lobbySql(db).exec(laterAgain);
    await send();
  }
  expect(mailer.tried.filter((to) => to === "p0@elsewhere.test")).toHaveLength(20);
  expect(await listMails(db, 100)).toHaveLength(25);
}, 30_000);

test("REL-24: what has expired is deleted, what has not stays", async () => {
  const db = await lonelyDatabase();
  const org = await buildOrg(db);
  const key = statement(
    "test-key",
    `insert into idempotency_key (org_id, actor_id, operation, key, request_hash, created_at, expires_at)
     values ($1, $1, 'x', $2, '\\x00', $3, $3)`,
  );
  const keys = statement("test-keys", `select key from idempotency_key where org_id = $1 order by key`);
  await org.run(async (tx) => {
    await sql(tx).exec(key, [tx.orgId, "old", new Date("2020-01-01")]);
    await sql(tx).exec(key, [tx.orgId, "young", new Date("2099-01-01")]);
  });
  expect(await org.run((tx) => pruneOrganization(tx), org.system)).toBe(1);
  expect(await org.run((tx) => sql(tx).many(keys, [tx.orgId]))).toEqual([{ key: "young" }]);
  expect(await pruneLobbyRows(db)).toBe(0);
});

test("REL-13: a loop never runs twice at once, survives a failure, and stops at once from its pause", async () => {
  let running = 0;
  let passes = 0;
  const errors: unknown[] = [];
  const loop = repeat({
    everyMs: 20,
    pass: async () => {
      expect(++running).toBe(1);
      await new Promise((done) => setTimeout(done, 5));
      running--;
      passes++;
      if (passes === 2) throw new Error("once");
      return passes < 6;
    },
    onError: (error) => errors.push(error),
  });
  await until(async () => passes >= 8);
  await loop.stop();
  const after = passes;
  await new Promise((done) => setTimeout(done, 60));
  expect([passes, errors.length]).toEqual([after, 1]);

  const patient = repeat({ everyMs: 60_000, pass: async () => false, onError: () => undefined });
  await new Promise((done) => setTimeout(done, 20));
  const began = performance.now();
  await patient.stop();
  expect(performance.now() - began).toBeLessThan(500);
});
