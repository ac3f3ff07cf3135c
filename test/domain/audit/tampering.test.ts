import { createHash } from "node:crypto";
import type { Client } from "pg";
import { headSigner, verifyEntries } from "../../../services/domain/audit";
import { hashEntry } from "../../../services/domain/audit/chain.rules";
import { changeMember } from "../../../services/domain/members";
import { changeOrganization } from "../../../services/domain/organizations";
import { buildOrg, testWorld, type TestOrg } from "../../support/world";
import { seal, signer, superuser, verify } from "./support";

async function scene() {
  const org = await buildOrg(await testWorld());
  for (const name of ["anne", "bea", "carl"]) await org.add(name);
  await seal(org);
  const admin = await superuser();
  const { rows } = await admin.query<{ id: string; seq: string }>(
    "select id, seq from audit_entry where org_id = $1 order by seq",
    [org.orgId],
  );
  const at = (n: number) => {
    const row = rows[n - 1];
    if (!row) throw new Error(`no entry ${n}`);
    return row;
  };
  return { org, admin, last: rows.length, at };
}

const edit = (admin: Client, org: TestOrg, text: string, values: unknown[] = []) =>
  admin.query(text, [org.orgId, ...values]);

test("SEC-51: an untouched chain holds, and says how long it is", async () => {
  const { org, last } = await scene();
  const report = await verify(org);
  expect(report).toMatchObject({ ok: true, entries: last, unsealed: 0, broken: null });
  expect(report.head?.seq).toBe(String(last));
  expect(last).toBeGreaterThanOrEqual(6);
});

test.each([
  ["its action", "action = 'member.remove'"],
  ["its result", "result = 'DENIED'"],
  ["its facts", `facts = facts || '{"role": "OWNER"}'`],
  ["a fact of it taken out", "facts = '{}'"],
  ["who did it", `actor = jsonb_set(actor, '{id}', '"00000000-0000-7000-8000-000000000000"')`],
  ["the actor's id alone", "actor_id = gen_random_uuid()"],
  ["the caller's kind", "caller_kind = 'saml'"],
  ["to whom", "target_id = gen_random_uuid()"],
  ["to what kind of thing", "target_kind = 'group'"],
  ["from which request", "request_id = 'another'"],
  ["when", "at = at - interval '1 minute'"],
  ["its digest of personal values", "personal_digest = '\\x00'"],
  ["its hash", "hash = sha256('forged')"],
  ["its link to the one before", "prev_hash = sha256('forged')"],
])("SEC-51: an entry edited in %s is found, at its place", async (_what, change) => {
  const { org, admin, at } = await scene();
  await edit(admin, org, `update audit_entry set ${change} where org_id = $1 and id = $2`, [at(3).id]);
  expect((await verify(org)).broken).toEqual({ reason: "entry_changed", seq: "3", entryId: at(3).id });
});

test("SEC-51: an entry that was deleted is missed at its place", async () => {
  const { org, admin, at } = await scene();
  await edit(admin, org, "delete from audit_entry where org_id = $1 and id = $2", [at(2).id]);
  expect((await verify(org)).broken).toEqual({ reason: "entry_missing", seq: "2", entryId: null });
});

test("SEC-51: two entries that changed places are found", async () => {
  const { org, admin, at } = await scene();
  await edit(
    admin,
    org,
    `update audit_entry set seq = case seq when 2 then 4 else 2 end where org_id = $1 and seq in (2, 4)`,
  );
  expect((await verify(org)).broken).toEqual({ reason: "entry_changed", seq: "2", entryId: at(4).id });
});

test("SEC-51: a cut tail is found through the signed head", async () => {
  const { org, admin, last } = await scene();
  await edit(admin, org, "delete from audit_entry where org_id = $1 and seq > $2", [last - 2]);
  expect((await verify(org)).broken).toEqual({ reason: "tail_missing", seq: String(last - 1), entryId: null });
});

test("SEC-51: a cut tail whose head was set back is found, because nobody can sign it", async () => {
  const { org, admin, last } = await scene();
  await edit(admin, org, "delete from audit_entry where org_id = $1 and seq > $2", [last - 2]);
  await edit(
    admin,
    org,
    `update audit_head h set seq = e.seq, hash = e.hash from audit_entry e
     where h.org_id = $1 and e.org_id = $1 and e.seq = $2`,
    [last - 2],
  );
  expect((await verify(org)).broken).toEqual({ reason: "head_forged", seq: null, entryId: null });
});

test("SEC-51: an entry that was played again, or slipped in before the first, is found", async () => {
  const { org, admin, at, last } = await scene();
  const copy = (seq: number) =>
    edit(
      admin,
      org,
      `insert into audit_entry select org_id, at, gen_random_uuid(), caller_kind, actor_id, actor, action, target_kind,
         target_id, result, facts, personal_digest, request_id, $3, prev_hash, hash
       from audit_entry where org_id = $1 and id = $2`,
      [at(last).id, seq],
    );
  await copy(last + 1);
  expect((await verify(org)).broken).toMatchObject({ reason: "entry_changed", seq: String(last + 1) });
  await edit(admin, org, "delete from audit_entry where org_id = $1 and seq > $2", [last]);
  await copy(last);
  expect((await verify(org)).broken).toMatchObject({ reason: "entry_added", seq: String(last) });
  await edit(admin, org, "delete from audit_entry where org_id = $1 and seq = $2 and id <> $3", [last, at(last).id]);
  await copy(0);
  expect((await verify(org)).broken).toEqual({ reason: "entry_added", seq: null, entryId: null });
});

test("SEC-51: a chain computed anew after an edit, each link in order, is betrayed by its head", async () => {
  const { org, admin, last } = await scene();
  await edit(admin, org, "update audit_entry set action = 'nothing.happened' where org_id = $1 and seq = 3");
  await rechain(admin, org);
  expect((await verify(org)).broken).toEqual({ reason: "chain_rewritten", seq: null, entryId: null });
  await edit(
    admin,
    org,
    `update audit_head h set hash = e.hash from audit_entry e where h.org_id = $1 and e.org_id = $1 and e.seq = $2`,
    [last],
  );
  expect((await verify(org)).broken).toEqual({ reason: "head_forged", seq: null, entryId: null });
  await edit(admin, org, "delete from audit_head where org_id = $1");
  expect((await verify(org)).broken).toEqual({ reason: "head_missing", seq: null, entryId: null });
});

test("SEC-51: a head signed by another key is forged; the key before the present one is known", async () => {
  const { org } = await scene();
  const report = (key: ReturnType<typeof headSigner>) => org.run((tx) => verifyEntries(tx, { signer: key }));
  expect((await report(headSigner("another secret"))).broken?.reason).toBe("head_forged");
  const known = "the key that signs the heads of the tests' chains";
  expect((await report(headSigner("another secret", known))).ok).toBe(true);
});

test("SEC-51: the tip that was noted elsewhere must lie on the chain", async () => {
  const { org, last } = await scene();
  const { head } = await verify(org);
  const anchored = (seq: string, hash: string) => org.run((tx) => verifyEntries(tx, { signer, anchor: { seq, hash } }));
  expect((await anchored(String(last), head?.hash ?? "")).ok).toBe(true);
  const other = createHash("sha256").update("other").digest("hex");
  expect((await anchored("2", other)).broken).toMatchObject({ reason: "anchor_missed", seq: "2" });
  expect((await anchored(String(last + 5), other)).broken).toMatchObject({ reason: "anchor_missed" });
});

test("SEC-53, ruling d7: erased personal values leave the chain whole, changed ones do not", async () => {
  const { org, admin } = await scene();
  const anne = await org.add("dora");
  await org.run((tx) => changeMember(tx, { id: anne.id, changes: [{ kind: "suspend" }] }));
  await seal(org);
  const { rows } = await edit(
    admin,
    org,
    `select p.entry_id as id from audit_personal p join audit_entry e on e.org_id = p.org_id and e.id = p.entry_id
     where p.org_id = $1 and p.after is not null order by e.seq desc limit 1`,
  );
  const [{ id }] = rows as [{ id: string }];
  await edit(
    admin,
    org,
    `update audit_personal set after = '{"userName": "eve"}' where org_id = $1 and entry_id = $2`,
    [id],
  );
  expect((await verify(org)).broken).toMatchObject({ reason: "personal_values_changed", entryId: id });
  await edit(admin, org, "delete from audit_personal where org_id = $1");
  expect(await verify(org)).toMatchObject({ ok: true, broken: null });
});

test("SEC-51: one organization's chain says nothing about another's", async () => {
  const { org, admin, at } = await scene();
  const { org: other } = await scene();
  await edit(admin, org, "update audit_entry set action = 'x' where org_id = $1 and id = $2", [at(1).id]);
  expect([(await verify(org)).ok, (await verify(other)).ok]).toEqual([false, true]);
  await other.run((tx) => changeOrganization(tx, { name: "Other" }));
  expect(await verify(other)).toMatchObject({ ok: true, unsealed: 1 });
});

async function rechain(admin: Client, org: TestOrg): Promise<void> {
  const { rows } = await edit(
    admin,
    org,
    `select id, at, caller_kind as "callerKind", actor_id as "actorId", actor, action, target_kind as "targetKind",
       target_id as "targetId", result, facts, personal_digest as "personalDigest", request_id as "requestId", seq
     from audit_entry where org_id = $1 order by seq`,
  );
  let previous: Buffer = Buffer.alloc(32);
  for (const entry of rows as Parameters<typeof hashEntry>[2][]) {
    const { seq } = entry as unknown as { seq: string };
    const hash = hashEntry(org.orgId, seq, entry, previous);
    await edit(admin, org, "update audit_entry set prev_hash = $3, hash = $4 where org_id = $1 and id = $2", [
      ...[entry.id, previous, hash],
    ]);
    previous = hash;
  }
}
