import { PlenumError } from "../../services/kernel/errors";
import { inviteMembers } from "../../services/domain/members";
import { showSeatSummary } from "../../services/domain/subscriptions";
import { once } from "../../services/platform/idempotency";
import type { Database } from "../../services/platform/unit-of-work";
import { buildOrg, testWorld, type TestOrg } from "../support/world";

let db: Database;

beforeAll(async () => {
  db = await testWorld({ poolMax: 20 });
});

const invite = (org: TestOrg, key: string | undefined, name: string, caller = org.owner) =>
  org.run(
    (tx) =>
      once(tx, { operation: "inviteMembers", key, input: { name } }, async () => {
        const [member] = await inviteMembers(tx, { invitees: [{ email: org.email(name) }] });
        return member!.id;
      }),
    caller,
  );

test("REL-10: the same key and input answer what was stored, and the effect is there once", async () => {
  const org = await buildOrg(db);

  const first = await invite(org, "k1", "ada");
  const again = await invite(org, "k1", "ada");

  expect(first.replayed).toBe(false);
  expect(again).toEqual({ value: first.value, replayed: true });
  expect(await org.run((tx) => showSeatSummary(tx, {}))).toMatchObject({ used: 2 });
});

test("REL-10: the same key with another input is refused; another actor's key is another key", async () => {
  const org = await buildOrg(db);
  const admin = await org.add("admin", { role: "ADMIN" });
  await invite(org, "k1", "ada");

  await expect(invite(org, "k1", "bob")).rejects.toMatchObject({ code: "idempotency_key_reused" });
  expect(await invite(org, "k1", "bob", org.person(admin.id, "ADMIN"))).toMatchObject({ replayed: false });
});

test("REL-10: of twenty equal requests at the same moment one acts and the others answer the same", async () => {
  const org = await buildOrg(db, { seats: 30 });

  const results = await Promise.all(Array.from({ length: 20 }, () => invite(org, "click", "ada")));

  expect(new Set(results.map((r) => r.value)).size).toBe(1);
  expect(results.filter((r) => !r.replayed)).toHaveLength(1);
  expect(await org.run((tx) => showSeatSummary(tx, {}))).toMatchObject({ used: 2 });
});

test("BOOK-14, ruling 5: a refusal stores nothing, so the same key works after the cause is gone", async () => {
  const org = await buildOrg(db);
  const attempt = (fails: boolean) =>
    org.run((tx) =>
      once(tx, { operation: "test", key: "k", input: {} }, async () => {
        if (fails) throw new PlenumError("seats_exhausted", "full");
        return "done";
      }),
    );

  await expect(attempt(true)).rejects.toMatchObject({ code: "seats_exhausted" });
  expect(await attempt(false)).toEqual({ value: "done", replayed: false });
});

test("REL-10: a key has 1 to 255 characters; none at all means no memory", async () => {
  const org = await buildOrg(db);
  await expect(invite(org, "", "a")).rejects.toMatchObject({ code: "invalid", facts: { field: "idempotencyKey" } });
  await expect(invite(org, "x".repeat(256), "a")).rejects.toMatchObject({ code: "invalid" });

  await invite(org, undefined, "ada");
  await expect(invite(org, undefined, "ada")).rejects.toMatchObject({ code: "already_member" });
});
