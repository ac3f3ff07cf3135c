import { addGroup, applyAllRules, changeGroup, createGroupRule, removeGroup } from "../../../services/domain/groups";
import { getMember } from "../../../services/domain/members";
import type { Database } from "../../../services/platform/unit-of-work";
import { connect, testDatabase } from "../../support/database";
import { buildOrg, testWorld } from "../../support/world";

let db: Database;

beforeAll(async () => {
  db = await testWorld();
});

const due = "select 1 as due from agenda where org_id = $1 and kind = 'APPLY_RULES' and due_at <= now()";

for (const how of ["leaves a group", "loses their group"]) {
  test(`SCIM-186: who ${how} while the organization's first rule is made keeps nothing of it`, async () => {
    const org = await buildOrg(db);
    const { id: member } = await org.add("ada");
    const children = [{ kind: "MEMBER", id: member }] as const;
    const { id } = (await org.run((tx) => addGroup(tx, { displayName: "Chiefs", children }))).group;
    const role = async () => (await org.run((tx) => getMember(tx, member))).role;
    const holder = await connect((await testDatabase()).superUrl);

    await holder.query("begin");
    await holder.query("select from group_member where org_id = $1 for update", [org.orgId]);
    const leaving = org.run<unknown>((tx) =>
      how === "leaves a group" ? changeGroup(tx, { id, steps: [{ do: "remove", children }] }) : removeGroup(tx, { id }),
    );
    await new Promise((resolve) => setTimeout(resolve, 200));
    await org.run((tx) => createGroupRule(tx, { groupId: id, target: "ROLE", value: "ADMIN" }));
    await applyAllRules(db, org.system);
    expect(await role()).toBe("ADMIN");
    await holder.query("delete from agenda where org_id = $1 and kind = 'APPLY_RULES'", [org.orgId]);
    await holder.query("commit");
    await leaving;

    expect((await holder.query(due, [org.orgId])).rows).toEqual([{ due: 1 }]);
    await applyAllRules(db, org.system);
    expect(await role()).toBe("MEMBER");
    const rules = "select 1 from group_rule where org_id = $1";
    expect((await holder.query(rules, [org.orgId])).rowCount).toBe(how === "leaves a group" ? 1 : 0);
  });
}
