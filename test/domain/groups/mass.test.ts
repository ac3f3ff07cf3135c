import {
  archiveTemplate,
  assignTemplate,
  previewAssignment,
  unassignTemplate,
} from "../../../services/domain/event-types";
import { addGroup, changeGroup, removeGroup, type GroupStep } from "../../../services/domain/groups";
import { newId, type MemberId } from "../../../services/kernel/ids";
import { sql, statement } from "../../../services/platform/sql";
import { countRows } from "../../support/database";
import { buildOrg, testWorld, type TestOrg } from "../../support/world";
import { makeTemplate } from "../event-types/support";

// What an organization meets that is bigger than PostgreSQL knows: each of these is one statement, and a statement has
// five seconds. With rows met in pairs, ten thousand take longer than that.
const many = 10_000;
let org: TestOrg;
let ids: MemberId[];

beforeAll(async () => {
  const db = await testWorld();
  const small = await buildOrg(db, { seats: 3 });
  await small.add("one");
  const group = await small.run((tx) => addGroup(tx, { displayName: "Few" }));
  await small.run((tx) => changeGroup(tx, { id: group.group.id, steps: [adding([small.ownerId])] }));
  const few = await makeTemplate(small, "few");
  await small.run((tx) => assignTemplate(tx, { templateId: few.id, targets: { allCurrent: true } }));
  await countRows();

  org = await buildOrg(db, { seats: 3 });
  ids = Array.from({ length: many }, () => newId("member"));
  const insert = statement(
    "test-many-members",
    `insert into member (org_id, id, status, role, origin, user_name, user_name_key, created_at, updated_at)
     select $1, id, 'ACTIVE', 'MEMBER', 'IMPORT', id::text, id::text, now(), now() from unnest($2::uuid[]) id`,
  );
  await org.run((tx) => sql(tx).exec(insert, [tx.orgId, ids]), org.system);
}, 60_000);

const children = (of: readonly MemberId[]) => of.map((id) => ({ kind: "MEMBER", id }) as const);
const adding = (of: readonly MemberId[]): GroupStep => ({ do: "add", children: children(of) });

test("NFR-05, SCIM-163: a group of ten thousand is filled, replaced, thinned out and removed, a statement each", async () => {
  const { group } = await org.run((tx) => addGroup(tx, { displayName: "All", children: children(ids) }));
  expect(group.memberCount).toBe(many);
  const step = async (one: GroupStep) =>
    (await org.run((tx) => changeGroup(tx, { id: group.id, steps: [one] }))).group.memberCount;

  expect(await step({ do: "replace", children: children([...ids].reverse()) })).toBe(many);
  expect(await step({ do: "replace", children: children(ids.slice(0, many / 2)) })).toBe(many / 2);
  expect(await step(adding(ids))).toBe(many);
  expect(await step({ do: "remove", children: children(ids.slice(many / 2)) })).toBe(many / 2);
  await org.run((tx) => removeGroup(tx, { id: group.id }));
}, 60_000);

test("NFR-05, EVT-05, EVT-07: a template goes to ten thousand and comes back, a statement each", async () => {
  const demo = await makeTemplate(org, "demo");
  const everybody = { templateId: demo.id, targets: { allCurrent: true } };

  const given = await org.run((tx) => assignTemplate(tx, everybody));
  expect(given.assigned).toHaveLength(many + 1);
  expect(await org.run((tx) => previewAssignment(tx, everybody))).toMatchObject({ members: many + 1 });
  const again = await org.run((tx) => assignTemplate(tx, { ...everybody, onSlugClash: "RENAME_EXISTING_AND_NOTIFY" }));
  expect(again).toMatchObject({ assigned: [], unchanged: many + 1 });
  const half = { templateId: demo.id, targets: { memberIds: ids.slice(0, many / 2) } };
  await org.run((tx) => unassignTemplate(tx, half));
  expect((await org.run((tx) => assignTemplate(tx, everybody))).assigned).toHaveLength(many / 2);
  await org.run((tx) => archiveTemplate(tx, { id: demo.id }));
}, 60_000);
