import express from "express";
import { createToken, entranceOf, printSignInLink } from "../../services/domain/identity";
import { changeMember } from "../../services/domain/members";
import type { MemberId } from "../../services/kernel/ids";
import { FakeClock } from "../../services/kernel/clock";
import { pagesDoor } from "../../services/pages/router";
import { findPersonByEmail } from "../../services/platform/lobby";
import type { Database } from "../../services/platform/unit-of-work";
import { asSuperuser } from "../support/identity";
import { listen } from "../support/listen";
import { buildOrg, publicUrl, testWorld, type TestOrg } from "../support/world";

/** The pages of a replica whose clock is so many milliseconds off the database's. */
async function replica(offMs: number): Promise<{ db: Database; enter(path: string): Promise<Response>; who: Who }> {
  const db = await testWorld({ clock: new FakeClock(new Date(Date.now() + offMs)) });
  const app = express();
  app.use((_req, res, next) => {
    res.setHeader("X-Request-Id", "test-request");
    next();
  });
  app.use(pagesDoor({ db, publicUrl }));
  const base = await listen(app);
  const who = async (entered: Response): Promise<number> => {
    const cookie = (entered.headers.get("set-cookie") ?? "").split(";")[0] ?? "";
    return (await fetch(`${base}/session`, { headers: { cookie } })).status;
  };
  return { db, enter: (path) => fetch(base + path, { method: "POST", redirect: "manual" }), who };
}

type Who = (entered: Response) => Promise<number>;

async function linkOf(org: TestOrg, name: string): Promise<string> {
  const person = await findPersonByEmail(org.db, org.email(name));
  return /(\/sign-in\/[^?]+)/.exec(await printSignInLink(org.db, person!))![1]!;
}

const suspend = (org: TestOrg, id: MemberId) =>
  org.run((tx) => changeMember(tx, { id, changes: [{ kind: "suspend" }] }));
const activate = (org: TestOrg, id: MemberId) =>
  org.run((tx) => changeMember(tx, { id, changes: [{ kind: "activate" }] }));

/** A suspension that has written and not yet committed. */
async function suspending(org: TestOrg, id: MemberId): Promise<() => Promise<void>> {
  let commit: () => void = () => undefined;
  const until = new Promise<void>((done) => (commit = done));
  let written: () => void = () => undefined;
  const isWritten = new Promise<void>((done) => (written = done));
  const running = org.run(async (tx) => {
    await changeMember(tx, { id, changes: [{ kind: "suspend" }] });
    written();
    await until;
  });
  await isWritten;
  return () => {
    commit();
    return running;
  };
}

/** Waits until somebody waits for a lock. */
async function somebodyWaits(): Promise<void> {
  for (let n = 0; n < 100; n++) {
    const [row] = await asSuperuser<{ n: number }>(
      `select count(*)::integer as n from pg_stat_activity
       where datname = current_database() and wait_event_type = 'Lock'`,
    );
    if ((row?.n ?? 0) > 0) return;
    await new Promise((done) => setTimeout(done, 20));
  }
  throw new Error("nobody waits");
}

test.each([-1_500, 1_500])(
  "SCIM-187, ruling a13: with a clock %i ms off the database's, a suspension ends the sign-ins before it and no others",
  async (offMs) => {
    const { db, enter, who } = await replica(offMs);
    const org = await buildOrg(db);
    const ada = await org.add("ada");
    const before = await enter(await linkOf(org, "ada"));
    expect(await who(before)).toBe(200);

    await suspend(org, ada.id);
    await activate(org, ada.id);

    expect(await who(before)).toBe(401);
    expect(await who(await enter(await linkOf(org, "ada")))).toBe(200);
  },
);

test("SCIM-187: a sign-in beside a suspension that is not yet committed is refused, and its link is not used up", async () => {
  const { db, enter, who } = await replica(0);
  const org = await buildOrg(db);
  const ada = await org.add("ada");
  const link = await linkOf(org, "ada");
  const commit = await suspending(org, ada.id);

  const entering = enter(link);
  await somebodyWaits();
  await commit();

  expect((await entering).status).toBe(403);
  await activate(org, ada.id);
  expect(await who(await enter(link))).toBe(200);
});

test("SCIM-187, SEC-03: whoever is being suspended makes no API token that outlives it", async () => {
  const { db } = await replica(0);
  const org = await buildOrg(db);
  const ada = await org.add("ada", { role: "ADMIN" });
  const commit = await suspending(org, ada.id);

  const making = org
    .run((tx) => createToken(tx, { name: "late", role: "ADMIN" }), org.person(ada.id, "ADMIN"))
    .then(
      () => "made",
      (error: { code: string }) => error.code,
    );
  await somebodyWaits();
  await commit();

  expect(await making).toBe("unauthenticated");
});

test("SCIM-187, SEC-03: an API token from before a suspension stays dead on a replica whose clock is behind", async () => {
  const { db } = await replica(-1_500);
  const org = await buildOrg(db);
  const ada = await org.add("ada", { role: "ADMIN" });
  const asAda = org.person(ada.id, "ADMIN");
  const { text } = await org.run((tx) => createToken(tx, { name: "early", role: "ADMIN" }), asAda);
  await suspend(org, ada.id);
  await activate(org, ada.id);

  const work = db.run(entranceOf(text, org.origin)!, async (tx) => tx.caller.kind);
  await expect(work).rejects.toMatchObject({ code: "unauthenticated" });
});

test("contract §3, ruling 8: a link that a suspended organization refuses works once the organization is back", async () => {
  const { db, enter, who } = await replica(0);
  const org = await buildOrg(db);
  await org.add("ada");
  const link = await linkOf(org, "ada");
  const become = (status: string) =>
    asSuperuser("update organization set status = $2 where org_id = $1", [org.orgId, status]);

  await become("SUSPENDED");
  expect((await enter(link)).status).toBe(403);
  await become("ACTIVE");

  expect(await who(await enter(link))).toBe(200);
  expect((await enter(link)).status).toBe(410);
});
