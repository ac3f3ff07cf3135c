import {
  addConnection,
  addExemption,
  changeConnection,
  entranceOf,
  importConnection,
  previewRelink,
  relinkIdentities,
  startLoginSession,
} from "../../services/domain/identity";
import { changeMember, findByLoginEmail } from "../../services/domain/members";
import { linkIdentityRow } from "../../services/domain/identity/sso-identities.store";
import type { MemberId } from "../../services/kernel/ids";
import type { Database } from "../../services/platform/unit-of-work";
import { asSuperuser, refusal, registerAuthenticator, signedIn } from "../support/identity";
import { idpMetadata } from "../support/idp-metadata";
import { makeKeys, type KeyPair } from "../support/saml-kit";
import { Browser, codeOn, connectIdp, openSaml, signIn, type SamlSite } from "../support/saml-door";
import { configure, countsOf, execute, trailOf } from "../support/saml-rows";
import { buildOrg, testWorld, type TestOrg } from "../support/world";

let db: Database;
let base: string;
let keys: KeyPair;

beforeAll(async () => {
  db = await testWorld();
  [base, keys] = await Promise.all([openSaml(db), makeKeys("idp")]);
});

const entityIdOfNew = "https://new.idp.example/metadata";

interface Scene {
  readonly org: TestOrg;
  readonly idp: SamlSite;
  /** The same connection, with the new identity provider behind it. */
  readonly moved: SamlSite;
}

/** An organization whose people sign in without any address that could find them, so that only identities do. */
async function build(): Promise<Scene> {
  const org = await buildOrg(db, { seats: 8 });
  const idp = await connectIdp(org, keys);
  return { org, idp, moved: { ...idp, idpEntityId: entityIdOfNew } };
}
const change = ({ org, idp }: Scene, idpEntityId = entityIdOfNew) =>
  org.run((tx) => changeConnection(tx, { id: idp.connection.id, change: { idpEntityId } }), org.operator);
const known = ({ org, idp }: Scene, memberId: MemberId, name: string) =>
  org.run(
    (tx) =>
      linkIdentityRow(
        tx,
        { connectionId: idp.connection.id, idpEntityId: idp.idpEntityId, format: format(), key: name },
        memberId,
      ),
    org.operator,
  );
const format = () => "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress";
const nameless = (nameId: string) => ({ assertion: { nameId, nameIdFormat: format(), attributes: [] } });
const enter = (idp: SamlSite, nameId: string) => signIn(new Browser(base), idp, nameless(nameId));
const identitiesBy = async (org: TestOrg) =>
  (
    await asSuperuser<{ idp: string; key: string }>(
      `select idp_entity_id as idp, name_id_key as key from sso_identity where org_id = $1 order by name_id_key`,
      [org.orgId],
    )
  ).map(({ idp, key }) => [idp, key]);
const relink = ({ org, idp }: Scene, caller = org.operator) =>
  org.run((tx) => relinkIdentities(tx, { connectionId: idp.connection.id, from: idp.idpEntityId }), caller);

test("SAML-60: another identity provider makes everybody a stranger, and a re-link makes them known again", async () => {
  const scene = await build();
  const { org, idp, moved } = scene;
  const ada = await org.add("ada");
  await known(scene, ada.id, "ada");
  expect((await enter(idp, "ada")).session).toMatchObject({ role: "MEMBER" });

  await change(scene);
  expect(codeOn((await enter(moved, "ada")).visit)).toBe("email_missing");
  expect(await org.run((tx) => previewRelink(tx, { connectionId: idp.connection.id }), org.operator)).toEqual([
    { idpEntityId: idp.idpEntityId, moves: 1, taken: 0, protected: 0 },
  ]);
  expect(await countsOf(org)).toMatchObject({ identities: 1 });

  expect(await relink(scene)).toEqual({ moves: 1, taken: 0, protected: 0 });
  expect((await enter(moved, "ada")).session).toMatchObject({ role: "MEMBER" });
  expect((await trailOf(org))[0]?.facts).toMatchObject({ effect: "KNOWN", idpEntityId: entityIdOfNew });
  // What the old one signs is nothing any more.
  expect(codeOn((await enter(idp, "ada")).visit)).toBe("issuer_mismatch");
  expect(await org.run((tx) => previewRelink(tx, { connectionId: idp.connection.id }), org.operator)).toEqual([]);
});

test("SAML-60, SAML-87: sessions of the identity provider before end with the change, but for whoever makes it", async () => {
  const scene = await build();
  const { org, idp } = scene;
  const open = async (memberId: MemberId) => {
    const { id: connectionId } = idp.connection;
    return org.run((tx) => startLoginSession(tx, { memberId, method: "SAML", connectionId }), org.system);
  };
  const isOpen = async (secret: string) =>
    db.run(entranceOf(secret, org.origin)!, async (tx) => tx.caller.kind).catch(({ code }: { code: string }) => code);
  const ada = await org.add("ada");
  const [own, others] = [await open(org.ownerId), await open(ada.id)];
  const link = await org.run((tx) => startLoginSession(tx, { memberId: ada.id, method: "LINK" }), org.system);

  await db.run(entranceOf(own.secret, org.origin)!, (tx) =>
    changeConnection(tx, { id: idp.connection.id, change: { name: "Renamed", idpEntityId: idp.idpEntityId } }),
  );
  expect(await isOpen(others.secret)).toBe("person");
  await db.run(entranceOf(own.secret, org.origin)!, (tx) =>
    changeConnection(tx, { id: idp.connection.id, change: { idpEntityId: entityIdOfNew } }),
  );

  expect(await Promise.all([own, others, link].map(({ secret }) => isOpen(secret)))).toEqual([
    "person",
    "unauthenticated",
    "person",
  ]);
  const third = await open(ada.id);
  const xml = idpMetadata(keys, { entityId: "https://third.example", ssoUrl: "https://idp.example/sso" });
  await org.run((tx) => importConnection(tx, { from: { kind: "metadata", xml } }), org.operator);
  expect(await isOpen(third.secret)).toBe("unauthenticated");
});

test("SAML-60: a re-link is of one connection and one organization", async () => {
  const [one, two] = [await build(), await build()];
  for (const scene of [one, two]) await known(scene, (await scene.org.add("ada")).id, "ada");
  const second = await connectIdp(one.org, keys, {
    connectionId: await one.org.run((tx) => addConnection(tx, "Second"), one.org.operator),
    idpEntityId: one.idp.idpEntityId,
  });
  await known({ ...one, idp: second }, (await one.org.add("bob")).id, "bob");
  for (const scene of [one, two]) await change(scene);

  await relink(one);

  expect(await identitiesBy(one.org)).toEqual([
    [entityIdOfNew, "ada"],
    [one.idp.idpEntityId, "bob"],
  ]);
  expect(await identitiesBy(two.org)).toEqual([[two.idp.idpEntityId, "ada"]]);
  const input = { connectionId: two.idp.connection.id, from: two.idp.idpEntityId };
  expect(await refusal(one.org.run((tx) => relinkIdentities(tx, input), one.org.operator))).toMatchObject({
    code: "not_found",
  });
  expect(await refusal(one.org.run((tx) => previewRelink(tx, input), one.org.operator))).toMatchObject({
    code: "not_found",
  });
});

test("SAML-60: whom the new identity provider has introduced already stays; the blocked stay blocked", async () => {
  const scene = await build();
  const { org, moved } = scene;
  const [ada, bob, eve] = [await org.add("ada"), await org.add("bob"), await org.add("eve")];
  await known(scene, ada.id, "same");
  await known(scene, eve.id, "eve");
  await execute(org, "update sso_identity set blocked = true where org_id = $1 and name_id_key = 'eve'");
  await change(scene);
  await known({ ...scene, idp: moved }, bob.id, "same");

  expect(await relink(scene)).toEqual({ moves: 1, taken: 1, protected: 0 });

  const { session } = await enter(moved, "same");
  const { id } = (await org.run((tx) => findByLoginEmail(tx, org.email("bob"))))!;
  expect(session).toMatchObject({ role: "MEMBER" });
  expect(id).toBe(bob.id);
  expect(await countsOf(org)).toMatchObject({ sessions: 1 });
  expect(codeOn((await enter(moved, "eve")).visit)).toBe("identity_blocked");
});

test("SAML-60, SAML-62: nobody hands on who is above them, and nobody an owner with emergency access", async () => {
  const scene = await build();
  const { org, moved } = scene;
  const admin = await org.add("admin");
  await org.run((tx) => changeMember(tx, { id: admin.id, changes: [{ kind: "grantRole", role: "ADMIN" }] }));
  await known(scene, org.ownerId, "owner");
  await known(scene, admin.id, "admin");
  await change(scene);

  expect(await relink(scene, await signedIn(org, admin.id))).toEqual({ moves: 1, taken: 0, protected: 1 });
  expect(codeOn((await enter(moved, "owner")).visit)).toBe("email_missing");

  await registerAuthenticator(org, org.ownerId);
  const owner = await signedIn(org, org.ownerId);
  await org.run((tx) => addExemption(tx, { kind: "BREAK_GLASS", memberId: org.ownerId }), owner);
  expect(await relink(scene, owner)).toEqual({ moves: 0, taken: 0, protected: 1 });
});

test("SAML-11, SAML-60: a re-link needs a fresh sign-in, the present version and an identity provider that was there", async () => {
  const scene = await build();
  const { org, idp } = scene;
  await known(scene, org.ownerId, "owner");
  await change(scene);
  const from = idp.idpEntityId;
  const connectionId = idp.connection.id;
  const work = (input: { from: string; ifVersion?: string }, caller = org.operator) =>
    refusal(org.run((tx) => relinkIdentities(tx, { connectionId, ...input }), caller));

  expect(await work({ from }, org.person(org.ownerId, "MEMBER"))).toMatchObject({ code: "forbidden" });
  expect(await work({ from }, org.owner)).toMatchObject({ facts: { reason: "reauthentication_required" } });
  expect(await work({ from, ifVersion: "1" })).toMatchObject({ code: "stale_version" });
  expect(await work({ from: "https://nobody.example" })).toEqual({
    code: "invalid",
    facts: { field: "fromEntityId", expected: `one of ${from}`, received: "https://nobody.example" },
  });
  await configure(org, connectionId, { idp_entity_id: null, saml_state: "DRAFT" });
  expect(await work({ from })).toEqual({ code: "conflict", facts: { missing: "idpEntityId" } });
});
