import { addConnection, createScimToken, switchScim } from "../../services/domain/identity";
import {
  applyPreview,
  approveDeprovisioning,
  changeProvisioningSettings,
  discardPreview,
  finishPreviews,
  giveUpUndo,
  listProvisioningRuns,
  replayRequest,
  rewrapCopies,
  startPreview,
  undoDeprovisioning,
  undoRuns,
} from "../../services/domain/provisioning";
import {
  parseId,
  publicId,
  type ConnectionId,
  type MemberId,
  type PreviewId,
  type ProvisioningEntryId,
} from "../../services/kernel/ids";
import { instanceOf } from "../../services/instance";
import type { Caller } from "../../services/platform/caller";
import { Keyring, masterKeyOf } from "../../services/platform/keys";
import { Database } from "../../services/platform/unit-of-work";
import { coreGroup, coreUser } from "../../services/scim/urns";
import { refusal, signedIn } from "../support/identity";
import { buildOrg, publicUrl, type TestOrg } from "../support/world";
import { asOwner, openScim, patchOp, scimClient, type ScimClient, type ScimServer } from "./support/door";

let server: ScimServer;

beforeAll(async () => {
  server = await openScim();
});

const start = (org: TestOrg, connectionId: ConnectionId, who: Caller = org.operator) =>
  startPreview(server.db, who, { connectionId });
const apply = (org: TestOrg, id: PreviewId, who: Caller = org.operator) =>
  org.run((tx) => applyPreview(tx, { id }), who);

async function connectionRow({ orgId }: TestOrg): Promise<object | undefined> {
  const columns = "scim_state as scim, provisioning, preview_org_id as copy";
  return (await asOwner(`select ${columns} from identity_connection where org_id = $1`, [orgId]))[0];
}

const setSaml = ({ orgId }: TestOrg, state: string) =>
  asOwner("update identity_connection set saml_state = $2 where org_id = $1", [orgId, state]);

const age = ({ orgId }: TestOrg) =>
  asOwner("update login_session set auth_at = now() - interval '16 minutes' where org_id = $1", [orgId]);

const tooOld = { code: "forbidden", facts: { reason: "reauthentication_required", maxAgeMinutes: 15 } };

test("SCIM-197, ORG-08, ORG-09, SAML-11: a preview is begun and applied by whoever may switch SCIM on, asked each time", async () => {
  const org = await buildOrg(server.db, { seats: 5, plan: "enterprise" });
  const id = await org.run((tx) => addConnection(tx, "Okta"));
  const owner = await signedIn(org, org.ownerId);
  const switchOn = () => refusal(org.run((tx) => switchScim(tx, { id, to: "ON" }), owner));
  const ssoFirst = { code: "sso_required_first", facts: {} };
  expect([await switchOn(), await refusal(start(org, id, owner))]).toEqual([ssoFirst, ssoFirst]);
  expect(await refusal(start(org, id, org.owner))).toEqual(tooOld);

  await setSaml(org, "ACTIVE");
  const previewId = (await start(org, id, owner)).id;
  expect(await connectionRow(org)).toEqual({ scim: "PREVIEW", provisioning: "create", copy: previewId });
  await setSaml(org, "DISABLED");
  expect(await refusal(apply(org, previewId, owner))).toEqual(ssoFirst);
  await setSaml(org, "ACTIVE");
  const setSso = (value: number) =>
    asOwner("update organization_entitlement set value = $2 where org_id = $1 and feature = 'sso'", [org.orgId, value]);
  await setSso(0);
  expect(await refusal(apply(org, previewId, owner))).toEqual({
    code: "entitlement_required",
    facts: { feature: "sso" },
  });
  await setSso(1);
  await age(org);
  expect(await refusal(apply(org, previewId, owner))).toEqual(tooOld);

  // The way back is open to everybody who may administrate: it leads to where it was.
  await org.run((tx) => discardPreview(tx, { id: previewId }), owner);
  expect(await connectionRow(org)).toEqual({ scim: "OFF", provisioning: "create", copy: null });
  expect(await refusal(start(org, id, owner))).toEqual(tooOld);

  const fresh = await signedIn(org, org.ownerId);
  const second = (await start(org, id, fresh)).id;
  await apply(org, second, fresh);
  await finishPreviews(server.db, org.system);
  // As after switching on by hand: people are known by SCIM, so signing in makes no new ones (ruling 12).
  expect(await connectionRow(org)).toEqual({ scim: "ON", provisioning: "existing", copy: null });
});

test("SCIM-197: a connection that was on asks for no more than a session of today, one that waited for all of it", async () => {
  const { org, connectionId } = await scimClient(server, { plan: "enterprise" });
  await asOwner("update identity_connection set vouched_by_operator = false where org_id = $1", [org.orgId]);
  const owner = await signedIn(org, org.ownerId);
  const first = (await start(org, connectionId, owner)).id;
  await apply(org, first, owner);
  await finishPreviews(server.db, org.system);
  await org.run((tx) => switchScim(tx, { id: connectionId, to: "PAUSED" }), owner);
  expect(await refusal(start(org, connectionId, owner))).toMatchObject({ code: "sso_required_first" });
  await org.run(async (tx) => createScimToken(tx, { connectionId }), org.operator);
  await age(org);
  expect(await refusal(start(org, connectionId, owner))).toEqual(tooOld);
});

/** Lets the log lines of an organization's previews be written no more: as if each process ended before it came to it. */
async function losingLines<T>({ orgId }: TestOrg, work: () => Promise<T>): Promise<T> {
  await asOwner(
    "create or replace function test_lose_line() returns trigger language plpgsql as 'begin raise exception ''lost''; end'",
    [],
  );
  await asOwner(
    `create trigger test_lose_line before insert on provisioning_entry for each row
     when (new.org_id = '${orgId}' and new.preview_id is not null) execute function test_lose_line()`,
    [],
  );
  try {
    return await work();
  } finally {
    await asOwner("drop function test_lose_line cascade", []);
  }
}

const post = ({ org, client }: { org: TestOrg; client: ScimClient }, name: string) =>
  client.post("/Users", { schemas: [coreUser], userName: org.email(name) });

test("SCIM-197: what a lost process did in the copy and did not write down is done all the same, once, with its id", async () => {
  const client = await scimClient(server, { plan: "enterprise" });
  const { org, connectionId } = client;
  const at = { org, client };
  const { id: previewId } = await start(org, connectionId);
  const { id: ada } = (await post(at, "ada")).body;
  const lost = await losingLines(org, async () => [(await post(at, "bob")).status, (await post(at, "cid")).status]);
  expect(lost.every((status) => status >= 500)).toBe(true);

  // The provider comes again, meets what it did, and goes on with the id that it is told.
  expect((await post(at, "bob")).status).toBe(409);
  const { Resources } = await client.find(`userName eq "${org.email("bob")}"`);
  const bob = String(Resources[0].id);
  expect((await client.patch(`/Users/${bob}`, patchOp({ op: "add", path: "title", value: "Builder" }))).status).toBe(
    200,
  );
  const group = { schemas: [coreGroup], displayName: "All", members: [{ value: ada }, { value: bob }] };
  const { id: all } = (await client.post("/Groups", group)).body;

  await apply(org, previewId);
  await Promise.all([1, 2, 3].map(() => finishPreviews(server.db, org.system)));

  expect((await client.get(`/Users/${bob}`)).body).toMatchObject({ id: bob, title: "Builder", active: true });
  expect((await client.get(`/Groups/${all}`)).body.members.map((m: { value: string }) => m.value).sort()).toEqual(
    [ada, bob].sort(),
  );
  expect((await client.find(`userName eq "${org.email("cid")}"`)).totalResults).toBe(1);
  const lines = await asOwner(
    `select e.method, e.status, r.status as again from provisioning_entry e
     left join provisioning_entry r on r.org_id = e.org_id and r.replay_of = e.id
     where e.org_id = $1 and e.preview_id = $2 order by e.at, e.id`,
    [org.orgId, previewId],
  );
  expect(lines).toEqual([
    ...Array(3).fill({ method: "POST", status: 201, again: 201 }),
    { method: "POST", status: 409, again: null },
    { method: "PATCH", status: 200, again: 200 },
    { method: "POST", status: 201, again: 201 },
  ]);
  expect(await asOwner("select 1 from provisioning_entry where org_id = $1", [previewId])).toEqual([]);
});

test("SCIM-197, SEC-10: a line that only the copy has opens after the master key was changed", async () => {
  const client = await scimClient(server, { plan: "enterprise" });
  const { org, connectionId } = client;
  const { id: previewId } = await start(org, connectionId);
  await losingLines(org, () => post({ org, client }, "ada"));
  const masterOf = (secret: string) => masterKeyOf(`${secret}, long enough to be one`);
  const [old, next] = [masterOf("the secret key of the tests"), masterOf("the next secret key of the tests")];
  const under = (keyring: Keyring) => new Database(server.db.source, server.db.clock, instanceOf(publicUrl, keyring));
  const [both, only] = [under(new Keyring(next, [old])), under(new Keyring(next))];

  expect(await rewrapCopies(both, org.system)).toBe(1);
  expect(await rewrapCopies(both, org.system)).toBe(0);
  await both.run(org.system, (tx) => tx.instance.keyring.rotate(tx));
  await apply(org, previewId);
  await finishPreviews(only, org.system);
  expect(
    await asOwner("select user_name from member where org_id = $1 and user_name like 'ada%'", [org.orgId]),
  ).toEqual([{ user_name: org.email("ada") }]);
});

test("SCIM-190, SCIM-197: a mass departure that the guard refuses while a preview is applied blocks, is agreed to and done again", async () => {
  const client = await scimClient(server, { plan: "enterprise" });
  const { org, connectionId } = client;
  const at = { org, client };
  const people: string[] = [];
  for (const name of ["ada", "bob", "cid"]) people.push(String((await post(at, name)).body.id));
  await org.run((tx) => changeProvisioningSettings(tx, { connectionId, mode: "block", minimum: 1, percent: 1 }));
  const { id: previewId } = await start(org, connectionId);
  for (const id of people) expect((await client.delete(`/Users/${id}`)).status).toBe(204);
  await apply(org, previewId);
  await finishPreviews(server.db, org.system);

  const refused = await asOwner(
    "select id, status, scim_type from provisioning_entry where org_id = $1 and replay_of is not null and status >= 400 order by at, id",
    [org.orgId],
  );
  expect(refused.map((row) => [row["status"], row["scim_type"]])).toEqual(Array(2).fill([403, "massDeprovisionGuard"]));
  const runs = await org.run((tx) => listProvisioningRuns(tx, {}));
  expect(runs).toMatchObject([{ state: "BLOCKED", connectionId, members: 1, threshold: 1 }]);
  const letters = await asOwner("select count(*)::int as n from outgoing_mail where org_id = $1", [org.orgId]);

  await org.run((tx) => approveDeprovisioning(tx, { id: runs[0]!.id }));
  for (const row of refused) {
    const { answer } = await org.run((tx) => replayRequest(tx, { id: row["id"] as ProvisioningEntryId }), org.operator);
    expect(answer.status).toBe(204);
  }
  expect((await client.get("/Users?count=0")).body.totalResults).toBe(1);
  expect(letters).not.toEqual([{ n: 0 }]);
});

test("SCIM-190, SCIM-196: a request that is done again and meets the guard blocks as one that comes", async () => {
  const client = await scimClient(server);
  const { org, connectionId } = client;
  const at = { org, client };
  const [ada, bob] = [String((await post(at, "ada")).body.id), String((await post(at, "bob")).body.id)];
  const cid = String((await post(at, "cid")).body.id);
  const leaves = patchOp({ op: "replace", value: { userName: org.email("cid"), active: false } });
  expect((await client.patch(`/Users/${bob}`, leaves)).status).toBe(409);
  const renamed = patchOp({ op: "replace", path: "userName", value: org.email("carl") });
  expect((await client.patch(`/Users/${cid}`, renamed)).status).toBe(200);
  await org.run((tx) => changeProvisioningSettings(tx, { connectionId, mode: "block", minimum: 1, percent: 1 }));
  expect((await client.delete(`/Users/${ada}`)).status).toBe(204);

  const [entry] = await asOwner("select id from provisioning_entry where org_id = $1 and status >= 400", [org.orgId]);
  const again = { id: entry?.["id"] as ProvisioningEntryId };
  const tried = await org.run((tx) => replayRequest(tx, { ...again, dryRun: true }), org.operator);
  expect([tried.answer.status, await org.run((tx) => listProvisioningRuns(tx, {}))]).toEqual([403, []]);
  const { answer } = await org.run((tx) => replayRequest(tx, again), org.operator);
  expect([answer.status, answer.scimType]).toEqual([403, "massDeprovisionGuard"]);
  expect(await org.run((tx) => listProvisioningRuns(tx, {}))).toMatchObject([{ state: "BLOCKED", threshold: 1 }]);
});

test("SCIM-190: who cannot be brought back is given up by name, and nobody else with them", async () => {
  const client = await scimClient(server);
  const { org, connectionId } = client;
  const at = { org, client };
  const people: MemberId[] = [];
  for (const name of ["ada", "bob", "cid"]) people.push(parseId("member", String((await post(at, name)).body.id)));
  await org.run((tx) => changeProvisioningSettings(tx, { connectionId, minimum: 1, percent: 1 }));
  for (const id of people) await client.delete(`/Users/${publicId("member", id)}`);
  const [run] = await org.run((tx) => listProvisioningRuns(tx, {}));
  await org.run((tx) => undoDeprovisioning(tx, { id: run!.id }));

  const giveUp = (memberId: MemberId, outcome: "GONE" | "NAME_TAKEN") =>
    org.run((tx) => giveUpUndo(tx, { runId: run!.id, memberId, outcome }), org.system);
  await giveUp(people[1]!, "GONE");
  await giveUp(people[1]!, "NAME_TAKEN");
  const outcomes = async () => {
    const rows = await asOwner("select member_id, outcome from provisioning_undo where org_id = $1", [org.orgId]);
    return people.map((id) => rows.find((row) => row["member_id"] === id)?.["outcome"]);
  };
  expect(await outcomes()).toEqual([null, "GONE", null]);
  // The name of the third is taken meanwhile: the failure is theirs alone, whoever else works at the same time.
  await post(at, "cid");
  await Promise.all([undoRuns(server.db, org.system), undoRuns(server.db, org.system)]);
  expect(await outcomes()).toEqual(["RESTORED", "GONE", "NAME_TAKEN"]);
});
