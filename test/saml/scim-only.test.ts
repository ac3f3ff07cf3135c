import { addMember, changeMember } from "../../services/domain/members";
import { changeConnection } from "../../services/domain/identity";
import { permissionsOfKind } from "../../services/domain/access";
import { parseId } from "../../services/kernel/ids";
import type { Caller } from "../../services/platform/caller";
import { Browser, codeOn, connectIdp, openSaml, signIn } from "../support/saml-door";
import { makeKeys } from "../support/saml-kit";
import { countsOf } from "../support/saml-rows";
import { buildOrg, testWorld } from "../support/world";

test("SAML-64: under the hard switch only whom SCIM has brought may sign in, known or not, in every mode", async () => {
  const db = await testWorld();
  const [base, keys] = await Promise.all([openSaml(db), makeKeys("idp")]);
  const org = await buildOrg(db, { seats: 10 });
  const idp = await connectIdp(org, keys, { provisioning: "create" });
  const enter = (name: string) =>
    signIn(new Browser(base), idp, {
      assertion: { nameId: `id-${name}`, attributes: [["email", [org.email(name)]]] },
    });
  const scim: Caller = {
    kind: "scim",
    orgId: org.orgId,
    connectionId: idp.connection.id,
    tokenId: parseId("scimToken", "sct_01h455vb4pex5vsknk084sn02q"),
    tokenName: "test",
    permissions: permissionsOfKind.scim,
    origin: org.origin,
  };
  const set = (scimOnly: boolean | null) =>
    org.run((tx) => changeConnection(tx, { id: idp.connection.id, change: { options: { scimOnly } } }), org.operator);
  const provisioned = await org.run(
    (tx) => addMember(tx, { profile: { userName: org.email("scim") }, origin: "SCIM", managedBy: idp.connection.id }),
    scim,
  );
  await org.add("typed");
  expect((await enter("before")).session).toMatchObject({ role: "MEMBER" });
  const before = await countsOf(org);

  await set(true);
  expect((await enter("scim")).session).toMatchObject({ role: "MEMBER" });
  for (const name of ["before", "typed", "fresh"]) expect(codeOn((await enter(name)).visit)).toBe("member_unknown");
  expect(await countsOf(org)).toMatchObject({ members: before.members, seats: before.seats });
  await org.run((tx) => changeMember(tx, { id: provisioned.member.id, changes: [{ kind: "suspend" }] }), scim);
  expect(codeOn((await enter("scim")).visit)).toBe("member_deactivated");

  await set(null);
  expect((await enter("before")).session).toMatchObject({ role: "MEMBER" });
});
