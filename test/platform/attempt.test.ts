import { addMember, changeMember } from "../../services/domain/members";
import { attempt } from "../../services/platform/savepoint";
import type { Database } from "../../services/platform/unit-of-work";
import { buildOrg, testWorld } from "../support/world";

let db: Database;

beforeAll(async () => {
  db = await testWorld();
});

test("SCIM-196, SCIM-197: what is refused in an attempt is an answer, also where only the table itself knew", async () => {
  const org = await buildOrg(db);
  const { id } = await org.add("ada");
  // With an address that nobody has proved the person stays, so the one before is theirs still.
  const moved = { attribute: "emails", type: "work", value: "ada@elsewhere.test", primary: true, detail: null };
  await org.run((tx) =>
    changeMember(tx, { id, changes: [{ kind: "values", attributes: ["emails"], values: [moved] }] }),
  );

  const values = [{ ...moved, value: org.email("ada") }];
  const answer = await org.run(
    (tx) => attempt(tx, () => addMember(tx, { profile: { userName: "namesake" }, values, origin: "SCIM" })),
    org.operator,
  );

  expect(answer).toMatchObject({ done: false, refusal: { code: "already_member" } });
});
