import { createScimToken } from "../../services/domain/identity";
import { commands } from "../../services/cli/commands";
import type { CommandContext } from "../../services/cli/command";
import { runCommandLine } from "../../services/cli/program";
import { publicId } from "../../services/kernel/ids";
import { coreUser } from "../../services/scim/urns";
import { asOwner, openScim, patchOp, ScimClient, type ScimServer } from "../scim/support/door";
import { buildOrg, type TestOrg } from "../support/world";

let server: ScimServer;
beforeAll(async () => {
  server = await openScim();
});

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

async function scene(seats = 10): Promise<{ org: TestOrg; idp: ScimClient; connection: string }> {
  const org = await buildOrg(server.db, { seats, plan: "enterprise" });
  const made = await org.run((tx) => createScimToken(tx, {}), org.operator);
  const idp = new ScimClient(server, org, made.connectionId, made.text, { "user-agent": "Okta SCIM Client 1.0.0" });
  return { org, idp, connection: publicId("connection", made.connectionId) };
}

test("SCIM-195: the command line lists and exports the log, and shows one request without its secrets", async () => {
  const { org, idp, connection } = await scene(2);
  const body = { schemas: [coreUser], userName: org.email("ada"), password: "hunter2" };
  const { id } = (await idp.post("/Users", body)).body;
  await idp.post("/Users", { schemas: [coreUser], userName: org.email("bob") });
  await idp.patch(`/Users/${id}`, patchOp({ op: "replace", path: "title", value: "Dr" }));

  const all = await plenum("scim", "log", "--org", org.slug);
  expect(all.code).toBe(0);
  expect(all.json.entries.map((e: { method: string; status: number }) => [e.method, e.status])).toEqual([
    ["PATCH", 200],
    ["POST", 403],
    ["POST", 201],
  ]);
  expect(all.json.entries[0]).toMatchObject({ connection, resource: id, changed: ["title"], replayOf: null });
  const failed = await plenum("scim", "log", "--org", org.slug, "--failed");
  expect(failed.json.entries).toMatchObject([{ scimType: "seatLimitReached", resource: null }]);
  expect((await plenum("scim", "log", "--org", org.slug, "--resource", id, "--limit", "1")).json.entries).toHaveLength(
    1,
  );
  const shown = await plenum("scim", "show", "--org", org.slug, "--entry", all.json.entries[2].id);
  expect(shown.json).toMatchObject({ request: { body: { ...body, password: "[redacted]" } }, notReplayable: null });
  for (const wrong of [
    ["--limit", "0"],
    ["--resource", connection],
    ["--from", "yesterday"],
  ]) {
    expect(await plenum("scim", "log", "--org", org.slug, ...wrong)).toMatchObject({
      code: 1,
      json: { error: { code: "invalid", facts: { field: wrong[0]!.slice(2) } } },
    });
  }
});

test("SCIM-195: an export reads more than one page of the log, newest first, each line once", async () => {
  const { org, idp } = await scene();
  await idp.post("/Users", { schemas: [coreUser], userName: org.email("ada") });
  await asOwner(
    `insert into provisioning_entry (org_id, at, id, connection_id, method, path, status, duration_ms, request_id)
     select org_id, at - n * interval '1 second', gen_random_uuid(), connection_id, 'POST', '/Users', 201, 1, 'old'
     from provisioning_entry, generate_series(1, 1100) n where org_id = $1`,
    [org.orgId],
  );

  const { json } = await plenum("scim", "log", "--org", org.slug, "--limit", "2000");
  const times = json.entries.map((e: { at: string }) => e.at);
  expect(new Set(json.entries.map((e: { id: string }) => e.id)).size).toBe(1101);
  expect(times).toEqual([...times].sort().reverse());
});

test("SCIM-196: a replay that is refused again is exit code 1, one that is done exit code 0", async () => {
  const { org, idp } = await scene(1);
  await idp.post("/Users", { schemas: [coreUser], userName: org.email("ada") });
  const [entry] = (await plenum("scim", "log", "--org", org.slug)).json.entries;
  const replay = (...more: string[]) => plenum("scim", "replay", "--org", org.slug, "--entry", entry.id, ...more);

  expect(await replay()).toMatchObject({ code: 1, json: { status: 403, scimType: "seatLimitReached", dryRun: false } });
  await asOwner("update subscription set quantity = 5 where org_id = $1", [org.orgId]);
  expect(await replay("--dry-run")).toMatchObject({ code: 0, json: { status: 201, entry: null, dryRun: true } });
  const done = await replay();
  expect(done).toMatchObject({ code: 0, json: { status: 201, answer: { userName: org.email("ada") } } });
  expect(done.json.entry).toMatch(/^pve_/);
});

test("SCIM-198, SCIM-199: health, drift and a trial as commands; a failing connection is exit code 1", async () => {
  const { org, idp } = await scene();
  await idp.post("/Users", { schemas: [coreUser], userName: org.email("ada") });
  const health = () => plenum("scim", "health", "--org", org.slug);
  expect(await health()).toMatchObject({
    code: 0,
    json: { verdict: "HEALTHY", requests: 1, clients: [{ product: "Okta" }] },
  });
  await idp.get("/Users/nobody");
  expect(await health()).toMatchObject({
    code: 1,
    json: { verdict: "FAILING", errorRate: 0.5, errors: [{ status: 404 }] },
  });

  const drift = await plenum("scim", "drift", "--org", org.slug);
  expect(drift).toMatchObject({
    code: 0,
    json: { unknown: { total: 1, members: [{ userName: org.email("owner") }] }, groups: { total: 0, groups: [] } },
  });
  const tried = await plenum("scim", "try", "--org", org.slug, "--client", "okta");
  expect(tried).toMatchObject({ code: 0, json: { client: "OKTA", passed: true } });
  await asOwner("update subscription set quantity = used where org_id = $1", [org.orgId]);
  const full = await plenum("scim", "try", "--org", org.slug, "--client", "okta");
  expect(full).toMatchObject({ code: 1, json: { passed: false } });
  expect(full.json.steps.at(-1)).toMatchObject({ name: "create a user", status: 403 });
});

test("SCIM-197: a preview from start to end as commands, applied without a worker", async () => {
  const { org, idp, connection } = await scene();
  const preview = (verb: string) => plenum("scim", "preview", verb, "--org", org.slug, "--connection", connection);
  expect(await preview("show")).toMatchObject({ code: 1, json: { error: { code: "not_found" } } });
  const started = await preview("start");
  expect(started).toMatchObject({ code: 0, json: { connection, members: 1 } });
  const { id } = (await idp.post("/Users", { schemas: [coreUser], userName: org.email("ada") })).body;
  expect(await preview("show")).toMatchObject({
    code: 0,
    json: { state: "OPEN", counts: { CREATE: 1 }, seats: { needed: 1, available: 9, short: 0 }, members: [{ id }] },
  });
  expect(await preview("apply")).toMatchObject({ code: 0, json: { state: "APPLIED", applied: 1, refusedLater: 0 } });
  expect((await idp.get(`/Users/${id}`)).body.userName).toBe(org.email("ada"));

  await preview("start");
  await idp.delete(`/Users/${id}`);
  expect(await preview("discard")).toMatchObject({ code: 0, json: { state: "DISCARDED" } });
  expect((await idp.get(`/Users/${id}`)).status).toBe(200);
});

test("SCIM-002: the dialect of a connection is shown and chosen by a command", async () => {
  const { org } = await scene();
  const dialect = (...more: string[]) => plenum("scim", "dialect", "--org", org.slug, ...more);
  expect(await dialect()).toMatchObject({ code: 0, json: { preset: "tolerant", switches: {} } });
  const chosen = await dialect("--preset", "okta", "--switches", '{"patchResponse":"204"}');
  expect(chosen).toMatchObject({ code: 0, json: { preset: "okta", effective: { patchResponse: "204" } } });
  for (const [option, value] of [
    ["preset", "azure"],
    ["switches", "[]"],
    ["switches", "{"],
  ] as const) {
    expect(await dialect(`--${option}`, value)).toMatchObject({
      code: 1,
      json: { error: { facts: { field: option } } },
    });
  }
});
