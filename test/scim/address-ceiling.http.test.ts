import { changeMember } from "../../services/domain/members";
import { parseId } from "../../services/kernel/ids";
import { coreUser } from "../../services/scim/urns";
import { asSuperuser } from "../support/identity";
import { asOwner, openScim, patchOp, scimClient } from "./support/door";

test("SCIM-048, SAML-69: a connection moves the sign-in address of nobody above its ceiling, nor does a later change", async () => {
  const server = await openScim();
  const idp = await scimClient(server, { seats: 6 });
  const { org } = idp;
  const emails = (name: string) => [{ value: org.email(name), type: "work", primary: true }];
  const { body: user } = await idp.post("/Users", {
    schemas: [coreUser],
    userName: org.email("ada"),
    emails: emails("ada"),
  });
  const id = parseId("member", String(user.id));
  const change = (what: Parameters<typeof changeMember>[1]["changes"]) =>
    org.run((tx) => changeMember(tx, { id, changes: what }), org.operator);
  const move = (name: string) =>
    idp.patch(`/Users/${user.id}`, patchOp({ op: "replace", path: "emails", value: emails(name) }));
  const signsInAs = async () =>
    (
      await asSuperuser<{ at: string }>("select login_email as at from member where org_id = $1 and id = $2", [
        org.orgId,
        id,
      ])
    )[0]?.at;
  const ceiling = (role: string) =>
    asOwner("update identity_connection set role_ceiling = $2 where org_id = $1", [org.orgId, role]);
  await change([{ kind: "grantRole", role: "ADMIN" }]);

  await ceiling("MEMBER");
  const { status, body } = await move("mallory");
  expect([status, body.emails[0].value]).toEqual([200, org.email("mallory")]);
  expect(await signsInAs()).toBe(org.email("ada"));
  await change([{ kind: "profile", set: { department: "Sales" } }]);
  expect(await signsInAs()).toBe(org.email("ada"));

  // What it may make of people it may move; so may it whoever is a member only.
  await ceiling("ADMIN");
  await move("ada-king");
  expect(await signsInAs()).toBe(org.email("ada-king"));
  await change([{ kind: "grantRole", role: "MEMBER" }]);
  await ceiling("MEMBER");
  await move("ada-again");
  expect(await signsInAs()).toBe(org.email("ada-again"));
});
