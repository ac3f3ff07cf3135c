import { request } from "node:http";
import { getMember, changeMember, restoreMember, type MemberChange } from "../../services/domain/members";
import {
  changeProvisioningSettings,
  onConnectionChanged,
  settleConnection,
  settleConnections,
} from "../../services/domain/provisioning";
import { deleteConnection } from "../../services/domain/identity";
import { driftedPools, openLicencesOf } from "../../services/domain/seats";
import { createSubscription } from "../../services/domain/subscriptions";
import { FakeClock, plusMs } from "../../services/kernel/clock";
import { parseId, type MemberId } from "../../services/kernel/ids";
import { coreGroup, coreUser, plenumUser } from "../../services/scim/urns";
import { connect, testDatabase } from "../support/database";
import { refusal } from "../support/identity";
import { asOwner, openScim, patchOp, scimClient, type ScimClient, type ScimServer } from "./support/door";

const clock = new FakeClock(new Date());
let server: ScimServer;
beforeAll(async () => {
  server = await openScim({ clock });
});

const memberId = (text: unknown): MemberId => parseId("member", String(text));
async function create(idp: ScimClient, name: string, more: object = {}) {
  const reply = await idp.post("/Users", { schemas: [coreUser], userName: idp.org.email(name), ...more });
  expect(reply.status).toBe(201);
  return reply.body;
}
const mails = (idp: ScimClient, like: string) =>
  asOwner("select recipient from outgoing_mail where org_id = $1 and subject ~ $2", [idp.org.orgId, like]);

test("SCIM-171: an administrator brings a deleted member back: the same id, profile and a seat, sign-ins stay dead", async () => {
  const idp = await scimClient(server, { seats: 3 });
  const { id } = await create(idp, "ada", { title: "Analyst" });
  await idp.delete(`/Users/${id}`);
  expect((await idp.get(`/Users/${id}`)).status).toBe(404);

  const { member, seat } = await idp.org.run((tx) => restoreMember(tx, { id: memberId(id) }));
  expect([member.status, member.title, seat]).toEqual(["ACTIVE", "Analyst", "ASSIGNED"]);
  const { body } = await idp.get(`/Users/${id}`);
  expect([body.id, body.userName, body.active, body[plenumUser].seatStatus]).toEqual([
    ...[id, idp.org.email("ada"), true, "assigned"],
  ]);
  expect(await idp.org.run((tx) => driftedPools(tx), idp.org.system)).toEqual([]);
});

test("SCIM-171: not when the user name is taken, when no seat is free, or when thirty days are over", async () => {
  const idp = await scimClient(server, { seats: 2 });
  const { id } = await create(idp, "ada");
  await idp.delete(`/Users/${id}`);
  const other = await create(idp, "ada");
  const restore = () => refusal(idp.org.run((tx) => restoreMember(tx, { id: memberId(id) })));
  expect(await restore()).toMatchObject({ code: "duplicate", facts: { field: "userName" } });
  await idp.delete(`/Users/${other.id}`);
  const emails = [{ value: idp.org.email("ada"), type: "work", primary: true }];
  const namesake = await create(idp, "bob", { emails });
  // The address signs the same person in as somebody new.
  expect(await restore()).toMatchObject({ code: "already_member" });
  await idp.delete(`/Users/${namesake.id}`);
  const third = await create(idp, "carol");
  expect(await restore()).toMatchObject({ code: "seats_exhausted", facts: { used: 2, quantity: 2 } });
  await idp.delete(`/Users/${third.id}`);
  clock.set(plusMs(clock.now(), 31 * 86_400_000));
  expect(await restore()).toMatchObject({ code: "not_found" });
  const stranger = await scimClient(server);
  expect(await refusal(stranger.org.run((tx) => restoreMember(tx, { id: memberId(other.id) })))).toMatchObject({
    code: "not_found",
  });
});

test("SCIM-191: what the identity provider holds is read only here; the message names the field and the connection", async () => {
  const idp = await scimClient(server);
  const { id } = await create(idp, "ada", { title: "Analyst" });
  const change = (set: object) =>
    idp.org.run((tx) => changeMember(tx, { id: memberId(id), changes: [{ kind: "profile", set }] }));
  expect(await refusal(change({ title: "Boss" }))).toMatchObject({
    code: "managed_by_identity_provider",
    facts: { field: "title", connection: "SCIM" },
  });
  expect(await refusal(change({ title: "Analyst", locale: "fr" }))).toBe("done");

  const { connectionId } = idp;
  await idp.org.run((tx) => changeProvisioningSettings(tx, { connectionId, managedFields: ["userName", "locale"] }));
  expect(await refusal(change({ title: "Boss" }))).toBe("done");
  expect(await refusal(change({ locale: "en" }))).toMatchObject({ facts: { field: "locale" } });
  // The provider itself writes on, and whoever it does not manage is free.
  const renamed = await idp.patch(`/Users/${id}`, patchOp({ op: "replace", path: "locale", value: "de" }));
  expect(renamed.body.locale).toBe("de");
  const local = await idp.org.add("bob");
  const own: MemberChange = { kind: "profile", set: { locale: "fr" } };
  expect(await refusal(idp.org.run((tx) => changeMember(tx, { id: local.id, changes: [own] })))).toBe("done");
});

test("SCIM-192: a deleted connection leaves its members as they are, and the owner is asked once what shall become of them", async () => {
  const idp = await scimClient(server);
  const { connectionId } = idp;
  const { id } = await create(idp, "ada");
  const group = (await idp.post("/Groups", { schemas: [coreGroup], displayName: "Sales", members: [{ value: id }] }))
    .body;
  const settle = (settlement: "KEEP" | "DEACTIVATE") =>
    idp.org.run((tx) => settleConnection(tx, { connectionId, settlement }));
  expect(await refusal(settle("KEEP"))).toMatchObject({ code: "conflict" });
  const told = () => idp.org.run((tx) => onConnectionChanged(tx, { event: { connectionId } }), idp.org.system);
  await told();
  expect(await mails(idp, "^(What becomes|Que deviennent)")).toEqual([]);

  await idp.org.run((tx) => deleteConnection(tx, { id: connectionId }), idp.org.operator);
  await told();
  await told();
  expect(await mails(idp, "^(What becomes|Que deviennent)")).toEqual([{ recipient: idp.org.email("owner") }]);
  const read = () => idp.org.run((tx) => getMember(tx, memberId(id)));
  expect(await read()).toMatchObject({ status: "ACTIVE", managedBy: connectionId });

  expect(await settle("KEEP")).toBe(1);
  await settleConnections(server.db, idp.org.system);
  expect(await read()).toMatchObject({ status: "ACTIVE", managedBy: null });
  const rows = await asOwner(
    "select managed_by, member_count from member_group where org_id = $1 and display_name = $2",
    [idp.org.orgId, group.displayName],
  );
  expect(rows).toEqual([{ managed_by: null, member_count: 1 }]);
});

test("SCIM-192, SCIM-189: deactivating them spares the owners, and frees the seats", async () => {
  const idp = await scimClient(server, { seats: 4 });
  const { connectionId } = idp;
  const ids = [await create(idp, "ada"), await create(idp, "bob")].map((user) => memberId(user.id));
  await asOwner("update member set managed_by = $2 where org_id = $1", [idp.org.orgId, connectionId]);
  await idp.org.run((tx) => deleteConnection(tx, { id: connectionId }), idp.org.operator);
  await idp.org.run((tx) => settleConnection(tx, { connectionId, settlement: "DEACTIVATE" }));
  await settleConnections(server.db, idp.org.system);

  const rows = await asOwner("select status, managed_by from member where org_id = $1 order by created_at, id", [
    idp.org.orgId,
  ]);
  expect(rows.map((row) => row["status"])).toEqual(["ACTIVE", "SUSPENDED", "SUSPENDED"]);
  expect(new Set(rows.map((row) => row["managed_by"]))).toEqual(new Set([null]));
  const held = await idp.org.run((tx) => openLicencesOf(tx, ids[0]!), idp.org.system);
  expect([held, await idp.org.run((tx) => driftedPools(tx), idp.org.system)]).toEqual([[], []]);
});

test("SCIM-028: a request that cannot be done in time is 503 with whole seconds, within ten, and nothing of it is done", async () => {
  const idp = await scimClient(server);
  const { id } = await create(idp, "ada");
  const blocker = await connect((await testDatabase()).superUrl);
  await blocker.query("begin");
  await blocker.query("select 1 from member where id = $1 for update", [memberId(id)]);
  const began = performance.now();
  const reply = await idp.patch(`/Users/${id}`, patchOp({ op: "replace", path: "title", value: "Boss" }));
  const tookMs = performance.now() - began;
  await blocker.query("rollback");

  expect([reply.status, reply.body.status]).toEqual([503, "503"]);
  expect(reply.headers["retry-after"]).toMatch(/^\d+$/);
  expect(tookMs).toBeLessThan(10_000);
  const after = (await idp.get(`/Users/${id}`)).body;
  expect([after.title, after.meta.version]).toEqual([undefined, 'W/"1"']);
}, 60_000);

test("SCIM-047: over https every answer asks for https from then on, and http is never answered by a way to https", async () => {
  const { port } = await openScim({ clock }, { publicUrl: "https://plenum.example.org" });
  const idp = await scimClient(server);
  for (const host of ["plenum.example.org", "localhost", "127.0.0.1"]) {
    for (const path of [`${idp.base}/Users`, `${idp.base}/ServiceProviderConfig`, "/oauth2/token"]) {
      const answer = await new Promise<{ status: number; hsts: unknown }>((resolve, reject) => {
        const headers = { host, accept: "text/html", authorization: `Bearer ${idp.token}` };
        request({ port, host: "127.0.0.1", path, headers }, (incoming) => {
          const { statusCode = 0, headers: got } = incoming.resume();
          resolve({ status: statusCode, hsts: got["strict-transport-security"] });
        })
          .on("error", reject)
          .end();
      });
      expect([path, answer.status]).toEqual([path, path === "/oauth2/token" ? 405 : 200]);
      expect(answer.hsts).toBe("max-age=31536000; includeSubDomains");
    }
  }
});

test("SCIM-063, SCIM-184: licenceOptions give and take options beside the member's service", async () => {
  const idp = await scimClient(server, { seats: 4 });
  const pool = (planCode: string, quantity: number) =>
    idp.org.run((tx) => createSubscription(tx, { planCode, quantity, billingMode: "MONTHLY" }), idp.org.operator);
  await pool("recording", 1);
  await pool("attendant", 5);
  const key = `${plenumUser}:licenceOptions`;
  const ada = await create(idp, "ada", { [plenumUser]: { licenceOptions: ["recording"] } });
  const plans = async () =>
    (await idp.org.run((tx) => openLicencesOf(tx, memberId(ada.id)), idp.org.system)).map((l) => l.planCode).sort();
  expect([await plans(), ada[plenumUser].licenceOptions]).toEqual([["recording", "teams"], ["recording"]]);

  const write = (value: readonly string[]) =>
    idp.patch(`/Users/${ada.id}`, patchOp({ op: "replace", path: key, value }));
  const unknown = await write(["recording", "gold", "enterprise"]);
  expect([unknown.status, unknown.body[plenumUser].licenceOptions, await plans()]).toEqual([
    ...[200, ["recording", "gold", "enterprise"], ["recording", "teams"]],
  ]);
  const [entry] = await asOwner(
    "select warnings from provisioning_entry where org_id = $1 order by at desc, id desc limit 1",
    [idp.org.orgId],
  );
  expect(JSON.stringify(entry)).toMatch(/gold.* is no option.*attendant, recording.*enterprise.* is no option/);
  // `teams` does not come with this one.
  expect((await write(["recording", "attendant"])).body.scimType).toBe("invalidValue");
  const full = await idp.post("/Users", {
    ...{ schemas: [coreUser], userName: idp.org.email("bob") },
    [plenumUser]: { licenceOptions: ["recording"] },
  });
  expect([full.status, full.body.scimType]).toEqual([403, "seatLimitReached"]);

  await idp.patch(`/Users/${ada.id}`, patchOp({ op: "replace", path: "active", value: false }));
  expect(await plans()).toEqual([]);
  await idp.patch(`/Users/${ada.id}`, patchOp({ op: "replace", path: "active", value: true }));
  expect(await plans()).toEqual(["recording", "teams"]);
  // Ruling c8: an option that is gone meanwhile keeps nobody out.
  await idp.patch(`/Users/${ada.id}`, patchOp({ op: "replace", path: "active", value: false }));
  const bob = await create(idp, "bob", { [plenumUser]: { licenceOptions: ["recording"] } });
  const back = await idp.patch(`/Users/${ada.id}`, patchOp({ op: "replace", path: "active", value: true }));
  expect([back.status, await plans()]).toEqual([200, ["teams"]]);
  await idp.delete(`/Users/${bob.id}`);
  expect((await write([])).status).toBe(200);
  expect([await plans(), await idp.org.run((tx) => driftedPools(tx), idp.org.system)]).toEqual([["teams"], []]);
});
