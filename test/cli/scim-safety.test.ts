import { generateKeyPairSync } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { commands } from "../../services/cli/commands";
import type { CommandContext } from "../../services/cli/command";
import { runCommandLine } from "../../services/cli/program";
import { createScimToken, deleteConnection } from "../../services/domain/identity";
import { getMember } from "../../services/domain/members";
import { createSubscription } from "../../services/domain/subscriptions";
import { parseId, publicId } from "../../services/kernel/ids";
import { coreGroup, coreUser } from "../../services/scim/urns";
import { openScim, patchOp, ScimClient, type ScimServer } from "../scim/support/door";
import { buildOrg, type TestOrg } from "../support/world";

let server: ScimServer;
let folder: string;
beforeAll(async () => {
  server = await openScim();
  folder = mkdtempSync(join(tmpdir(), "plenum-scim-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- a JSON document, asserted on by its keys
async function plenum(...argv: string[]): Promise<{ code: number; json: any }> {
  const out: string[] = [];
  const context = { database: async () => server.db, say: () => undefined } as unknown as CommandContext;
  const code = await runCommandLine([...argv, "--json"], commands, {
    output: { out: (text) => out.push(text), err: () => undefined },
    context: () => ({ ...context, close: async () => undefined }),
  });
  return { code, json: JSON.parse(out.join("")) };
}

interface Scene {
  readonly org: TestOrg;
  readonly idp: ScimClient;
  readonly connection: string;
  readonly users: readonly string[];
}

async function scene(...names: string[]): Promise<Scene> {
  const org = await buildOrg(server.db, { seats: 10 });
  const made = await org.run((tx) => createScimToken(tx, {}), org.operator);
  const idp = new ScimClient(server, org, made.connectionId, made.text);
  const users: string[] = [];
  for (const name of names) {
    const { body } = await idp.post("/Users", { schemas: [coreUser], userName: org.email(name) });
    users.push(String(body.id));
  }
  return { org, idp, connection: publicId("connection", made.connectionId), users };
}

test("SCIM-190: the command line sets the guard, lists runs, undoes one to the end, approves another", async () => {
  const { org, idp, connection, users } = await scene("a", "b", "c", "d");
  const guard = await plenum("scim", "guard", "--org", org.slug, "--connection", connection, "--minimum", "1");
  expect(guard).toMatchObject({ code: 0, json: { mode: "alert", minimum: 1, percent: 20 } });
  expect(await plenum("scim", "guard", "--org", org.slug, "--percent", "many")).toMatchObject({
    code: 1,
    json: { error: { code: "invalid", facts: { field: "percent" } } },
  });
  const leave = (id: string) => idp.patch(`/Users/${id}`, patchOp({ op: "replace", path: "active", value: false }));
  for (const id of users.slice(0, 3)) await leave(id);
  const { runs } = (await plenum("scim", "runs", "--org", org.slug)).json;
  expect(runs).toMatchObject([{ state: "ALERTED", members: 3, threshold: 1, connectionId: connection }]);

  const undone = await plenum("scim", "undo", "--org", org.slug, "--run", runs[0].id);
  expect(undone).toMatchObject({ code: 0, json: { state: "UNDONE", restored: 3, waiting: 0, notRestored: 0 } });
  for (const id of users) expect((await idp.get(`/Users/${id}`)).body.active).toBe(true);
  for (const id of users.slice(0, 2)) await leave(id);
  const [next] = (await plenum("scim", "runs", "--org", org.slug)).json.runs;
  expect(await plenum("scim", "approve", "--org", org.slug, "--run", next.id)).toMatchObject({
    code: 0,
    json: { state: "APPROVED", members: 2 },
  });
  const other = await scene();
  expect(await plenum("scim", "undo", "--org", other.org.slug, "--run", next.id)).toMatchObject({
    code: 1,
    json: { error: { code: "not_found" } },
  });
});

test("SCIM-186: the command line previews, makes, lists and removes rules of a group, by its name or id", async () => {
  const { org, idp, users } = await scene("a", "b");
  const members = users.map((value) => ({ value }));
  const group = (await idp.post("/Groups", { schemas: [coreGroup], displayName: "Leads", members })).body;
  await org.run(
    (tx) => createSubscription(tx, { planCode: "enterprise", quantity: 2, billingMode: "MONTHLY" }),
    org.operator,
  );
  const rule = ["--org", org.slug, "--group", "leads", "--target", "licence", "--value", "enterprise"];
  expect(await plenum("group-rule", "preview", ...rule)).toMatchObject({
    code: 0,
    json: { members: 2, changed: 2, licencesNeeded: 2, licencesFree: 2, refused: false },
  });
  const made = await plenum("group-rule", "create", ...rule, "--order", "3");
  expect(made).toMatchObject({ code: 0, json: { group: "Leads", groupId: group.id, value: "enterprise", order: 3 } });
  const licence = async () => (await idp.get(`/Entitlements`)).body.Resources.at(-1).totalAssignmentsUsed as number;
  expect(await licence()).toBe(2);
  expect((await plenum("group-rule", "list", "--org", org.slug)).json.rules).toMatchObject([{ id: made.json.id }]);
  expect((await plenum("group-rule", "remove", "--org", org.slug, "--rule", made.json.id)).code).toBe(0);
  expect(await licence()).toBe(0);
  const lost = ["--org", org.slug, "--group", "Nobody", "--target", "role", "--value", "ADMIN"];
  expect(await plenum("group-rule", "create", ...lost)).toMatchObject({
    code: 1,
    json: { error: { code: "not_found" } },
  });
});

test("SCIM-042: the command line makes clients with a secret and with keys, rotates and revokes them", async () => {
  const { org } = await scene();
  const made = await plenum("scim-client", "create", "--org", org.slug, "--name", "Okta", "--ip-allow", "192.0.2.0/24");
  expect(made.json).toMatchObject({
    clientId: expect.stringMatching(/^org_\w{26}\.oac_\w{26}$/),
    secret: expect.stringMatching(/^plmcs_/),
    tokenUrl: "http://localhost:4000/oauth2/token",
  });
  const rotated = await plenum(
    "scim-client",
    "rotate",
    "--org",
    org.slug,
    "--client",
    made.json.id,
    "--overlap-hours",
    "3",
  );
  expect(rotated.json).toEqual({ secret: expect.stringMatching(/^plmcs_/), oldSecretHours: 3 });
  expect(rotated.json.secret).not.toBe(made.json.secret);

  const path = join(folder, "keys.json");
  const { publicKey } = generateKeyPairSync("ed25519");
  writeFileSync(path, JSON.stringify({ keys: [{ ...publicKey.export({ format: "jwk" }), kid: "one" }] }));
  const keyed = await plenum("scim-client", "create", "--org", org.slug, "--jwks-file", path, "--read-only");
  expect(keyed.json.secret).toBeNull();
  const { clients } = (await plenum("scim-client", "list", "--org", org.slug)).json;
  expect(clients).toMatchObject([
    { id: keyed.json.id, proof: "keys", scopes: ["scim.read"] },
    { id: made.json.id, proof: "secret", ipAllow: ["192.0.2.0/24"] },
  ]);
  expect(JSON.stringify(clients)).not.toContain("plmcs_");
  expect((await plenum("scim-client", "revoke", "--org", org.slug, "--client", made.json.id)).code).toBe(0);
  expect((await plenum("scim-client", "list", "--org", org.slug)).json.clients).toHaveLength(1);
  for (const file of [join(folder, "none.json"), __filename]) {
    expect(await plenum("scim-client", "create", "--org", org.slug, "--jwks-file", file)).toMatchObject({
      code: 1,
      json: { error: { code: "invalid", facts: { field: "jwksFile" } } },
    });
  }
});

test("SCIM-171, SCIM-192: the command line restores a member and settles those of a deleted connection", async () => {
  const { org, idp, connection, users } = await scene("a", "b");
  const [ada = "", bob = ""] = users;
  await idp.delete(`/Users/${ada}`);
  expect(await plenum("members", "restore", "--org", org.slug, "--member", ada)).toMatchObject({
    code: 0,
    json: { member: ada, status: "ACTIVE", seat: "ASSIGNED" },
  });
  const settle = ["scim", "settle", "--org", org.slug, "--connection", connection, "--settlement", "deactivate"];
  expect(await plenum(...settle)).toMatchObject({ code: 1, json: { error: { code: "conflict" } } });
  await org.run((tx) => deleteConnection(tx, { id: parseId("connection", connection) }), org.operator);
  expect(await plenum(...settle)).toMatchObject({ code: 0, json: { members: 2, settlement: "DEACTIVATE" } });
  for (const id of [ada, bob]) {
    const member = await org.run((tx) => getMember(tx, parseId("member", id)));
    expect([member.status, member.managedBy]).toEqual(["SUSPENDED", null]);
  }
});
