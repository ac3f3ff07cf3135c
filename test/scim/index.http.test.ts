import { connect, shareNoDatabase, testDatabase } from "../support/database";
import { coreGroup, coreUser } from "../../services/scim/urns";
import { asOwner, openScim, scimClient, type ScimClient } from "./support/door";
import { seedMembers } from "./support/seed";

const statements: string[] = [];
let idp: ScimClient;
let id: string;
let groupId: string;
beforeAll(async () => {
  shareNoDatabase();
  idp = await scimClient(await openScim({ observe: (text) => statements.push(text) }));
  await seedMembers(idp.org.orgId, 20_000);
  await asOwner(
    `insert into member_value (org_id, member_id, attribute, ordinal, value, value_key) select org_id, id, 'emails', 0, user_name, user_name_key from member where org_id = $1 and user_name like 'bulk%'`,
    [idp.org.orgId],
  );
  await asOwner(
    `insert into provisioning_link (org_id, connection_id, kind, resource_id, external_id, first_seen_at, last_seen_at)
     select org_id, $2, 'MEMBER', id, 'x' || user_name, now(), now() from member where org_id = $1`,
    [idp.org.orgId, idp.connectionId],
  );
  await asOwner(
    `insert into member_group (org_id, id, display_name, name_key, created_at, updated_at) select $1, gen_random_uuid(), 'g' || n, 'g' || n, now(), now() from generate_series(1, 5000) n`,
    [idp.org.orgId],
  );
  await asOwner(
    `insert into provisioning_link (org_id, connection_id, kind, resource_id, external_id, first_seen_at, last_seen_at)
     select org_id, $2, 'GROUP', id, 'x' || name_key, now(), now() from member_group where org_id = $1`,
    [idp.org.orgId, idp.connectionId],
  );
  const made = await idp.post("/Users", {
    schemas: [coreUser],
    userName: "needle@x.test",
    displayName: "Needle",
    externalId: "needle",
    emails: [{ value: "needle@x.test", type: "work" }],
  });
  id = made.body.id as string;
  groupId = (
    await idp.post("/Groups", {
      schemas: [coreGroup],
      displayName: "Needle",
      externalId: "gneedle",
      members: [{ value: id }],
    })
  ).body.id as string;
  for (const table of ["member", "member_value", "provisioning_link", "member_group", "group_member"])
    await asOwner(`analyze ${table}`, []);
}, 60_000);

/** How PostgreSQL, as the application's role under row security, finds the rows of a list. */
async function planOf(path: string): Promise<{ plan: string; found: string[] }> {
  statements.length = 0;
  const { body } = await idp.get(path);
  const text = statements.find((s) => s.includes(" limit $")) ?? "";
  const client = await connect((await testDatabase()).appUrl);
  await client.query("begin");
  await client.query(`set local app.org_id = '${idp.org.orgId}'`);
  await client.query("set local plan_cache_mode = force_generic_plan");
  await client.query(`prepare listed as ${text}`);
  const parameters = Array.from(
    { length: Math.max(...(text.match(/\$\d+/g) ?? []).map((p) => Number(p.slice(1)))) },
    () => "null",
  ).join(", ");
  const { rows } = await client.query<{ "QUERY PLAN": string }>(`explain (costs off) execute listed (${parameters})`);
  await client.query("rollback");
  await client.end();
  return {
    plan: rows.map((row) => row["QUERY PLAN"]).join("\n"),
    found: body.Resources.map((r: { id: string }) => r.id),
  };
}

test.each([
  ["/Users", 'userName eq "NEEDLE@x.test"', "member_user_name_once"],
  ["/Users", 'externalId eq "needle"', "provisioning_link_by_external_id"],
  ["/Users", 'displayName eq "needle"', "member_by_name"],
  ["/Users", 'emails.value eq "needle@X.test"', "member_value_by_key"],
  ["/Users", 'emails[type eq "work"].value eq "needle@x.test"', "member_value_by_key"],
  ["/Users", 'userName sw "needle@"', "member_user_name_once"],
  ["/Users", 'userName eq "needle@x.test" and externalId eq "needle"', "member_user_name_once"],
  ["/Groups", 'displayName eq "NEEDLE"', "member_group_name_once"],
  ["/Groups", 'externalId eq "gneedle"', "provisioning_link_by_external_id"],
])("SCIM-117: %s filtered by %s is a look-up in %s, also under row security", async (endpoint, filter, index) => {
  const { plan, found } = await planOf(`${endpoint}?filter=${encodeURIComponent(filter)}&attributes=id`);

  expect(found).toEqual([endpoint === "/Users" ? id : groupId]);
  expect(plan).toContain(index);
  expect(plan).not.toMatch(/Seq Scan on (member|member_value|provisioning_link|member_group) /);
});

test("SCIM-117: an id is looked up by the key", async () => {
  const { plan, found } = await planOf(`/Users?filter=${encodeURIComponent(`id eq "${id}"`)}&attributes=id`);

  expect([found, plan.includes("member_once")]).toEqual([[id], true]);
});

test("SCIM-131: the pages of a list are read in the order of their index", async () => {
  const { plan } = await planOf("/Users?attributes=userName");

  expect(plan).toContain("member_by_creation");
  expect(plan).not.toContain("Sort Key: m.created_at");
});

test("SCIM-135: a page at the end of 20,000 members, by index and by cursor, is near to the first in time", async () => {
  const time = async (path: string) => {
    const times: number[] = [];
    for (let i = 0; i < 5; i++) {
      const began = performance.now();
      expect((await idp.get(path)).status).toBe(200);
      times.push(performance.now() - began);
    }
    return times.sort((a, b) => a - b)[2] ?? 0;
  };
  const first = await time("/Users?count=100&attributes=userName");
  const last = await time("/Users?count=100&startIndex=19900&attributes=userName");

  expect(last).toBeLessThan(300);
  expect(last / first).toBeLessThan(10);
});
