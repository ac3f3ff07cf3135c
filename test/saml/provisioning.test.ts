import { addMember, changeMember, removeMember } from "../../services/domain/members";
import { addConnection, allowReturn, vouchForDomain } from "../../services/domain/identity";
import { deprovisionMember } from "../../services/domain/provisioning";
import { nameLink } from "../../services/domain/provisioning/links.store";
import { parseId, publicId, type ConnectionId, type MemberId } from "../../services/kernel/ids";
import type { Caller } from "../../services/platform/caller";
import { permissionsOfKind } from "../../services/domain/access";
import { listMails } from "../../services/platform/lobby";
import type { Database } from "../../services/platform/unit-of-work";
import { format, makeKeys, type AssertionOptions, type KeyPair } from "../support/saml-kit";
import { answered, Browser, codeOn, connectIdp, openSaml, signIn, type SamlSite } from "../support/saml-door";
import { configure, countsOf, execute, trailOf } from "../support/saml-rows";
import { connect, testDatabase } from "../support/database";
import { buildOrg, testWorld, type TestOrg } from "../support/world";

let db: Database;
let base: string;
let keys: KeyPair;

beforeAll(async () => {
  db = await testWorld({ poolMax: 25 });
  [base, keys] = await Promise.all([openSaml(db), makeKeys("idp")]);
});

async function build(more = {}, seats = 5): Promise<{ org: TestOrg; idp: SamlSite }> {
  const org = await buildOrg(db, { seats });
  return { org, idp: await connectIdp(org, keys, more) };
}

const person = (
  nameId: string,
  email: string | undefined,
  more: AssertionOptions = {},
): { assertion: AssertionOptions } => ({
  assertion: { nameId, attributes: email === undefined ? [] : [["email", [email]]], ...more },
});
const enter = (idp: SamlSite, nameId: string, email: string | undefined, more: AssertionOptions = {}) =>
  signIn(new Browser(base), idp, person(nameId, email, more));
const effect = async (org: TestOrg) => (await trailOf(org))[0]?.facts["effect"];

/** SCIM over the connection, as its token acts. */
function scim(org: TestOrg, connectionId: ConnectionId): Caller {
  return {
    kind: "scim",
    orgId: org.orgId,
    connectionId,
    tokenId: parseId("scimToken", "sct_01h455vb4pex5vsknk084sn02q"),
    tokenName: "test",
    permissions: permissionsOfKind.scim,
    origin: org.origin,
  };
}

const provision = (org: TestOrg, idp: SamlSite, userName: string): Promise<MemberId> =>
  org.run(
    async (tx) =>
      (await addMember(tx, { profile: { userName }, origin: "SCIM", managedBy: idp.connection.id })).member.id,
    scim(org, idp.connection.id),
  );

test("SAML-64, ruling 12: `create` is the default and makes a member; `existing` and `off` make none", async () => {
  const { org, idp } = await build();

  expect((await enter(idp, "new-1", org.email("new-1"))).session).toMatchObject({ role: "MEMBER" });
  expect(await effect(org)).toBe("CREATED");
  const before = await countsOf(org);

  await configure(org, idp.connection.id, { provisioning: "existing" });
  expect(codeOn((await enter(idp, "new-2", org.email("new-2"))).visit)).toBe("member_unknown");
  await configure(org, idp.connection.id, { provisioning: "off" });
  expect(codeOn((await enter(idp, "new-3", org.email("new-3"))).visit)).toBe("provisioning_off");
  expect(await countsOf(org)).toMatchObject({
    members: before.members,
    sessions: before.sessions,
    seats: before.seats,
    identities: before.identities,
  });
});

test("SAML-62, SAML-64: an active member with the address is linked in every mode, an invited one joins unless it is `off`", async () => {
  const { org, idp } = await build({ provisioning: "off" });
  const active = await org.add("active");
  await org.invite("invited");
  const before = await countsOf(org);

  expect((await enter(idp, "sub-1", org.email("active"))).session).toMatchObject({ role: "MEMBER" });
  expect(await effect(org)).toBe("LINKED");
  expect(codeOn((await enter(idp, "sub-2", org.email("invited"))).visit)).toBe("provisioning_off");

  await configure(org, idp.connection.id, { provisioning: "existing" });
  expect((await enter(idp, "sub-2", org.email("invited"))).session).toMatchObject({ role: "MEMBER" });
  expect(await effect(org)).toBe("JOINED");
  expect(await countsOf(org)).toMatchObject({
    members: before.members,
    seats: before.seats,
    identities: before.identities + 2,
  });
  expect((await enter(idp, "sub-1", undefined)).session).toMatchObject({ member: expect.stringContaining("mem_") });
  expect(active.status).toBe("ACTIVE");
});

test("SAML-62, SAML-65, ruling 8: what SCIM calls an owner makes nobody that owner; their own address does", async () => {
  const { org, idp } = await build();
  const { id: connectionId } = idp.connection;
  const chief = await provision(org, idp, org.email("chief"));
  await org.run((tx) => changeMember(tx, { id: chief, changes: [{ kind: "grantRole", role: "OWNER" }] }));
  await org.run(
    async (tx) => {
      await changeMember(tx, { id: chief, changes: [{ kind: "profile", set: { userName: "mallory" } }] });
      await nameLink(tx, { connectionId, kind: "MEMBER", resourceId: chief }, "mallory-2");
    },
    scim(org, connectionId),
  );

  for (const name of ["mallory", "mallory-2"]) {
    expect(codeOn((await enter(idp, name, undefined)).visit)).toBe("email_missing");
    expect((await enter(idp, name, org.email(name))).session).toMatchObject({ role: "MEMBER" });
  }
  expect((await enter(idp, "the-chief", org.email("chief"))).session).toMatchObject({ role: "OWNER" });
  expect(await effect(org)).toBe("LINKED");
});

test("SCIM-048, SAML-65: nor does a connection that may grant members only let anybody in as an administrator by what SCIM says", async () => {
  const { org, idp } = await build();
  const admin = await provision(org, idp, org.email("admin"));
  await org.run((tx) => changeMember(tx, { id: admin, changes: [{ kind: "grantRole", role: "ADMIN" }] }));
  await org.run(
    (tx) => nameLink(tx, { connectionId: idp.connection.id, kind: "MEMBER", resourceId: admin }, "mallory"),
    scim(org, idp.connection.id),
  );

  await configure(org, idp.connection.id, { role_ceiling: "MEMBER" });
  expect(codeOn((await enter(idp, "mallory", undefined)).visit)).toBe("email_missing");
  await configure(org, idp.connection.id, { role_ceiling: "ADMIN" });
  expect((await enter(idp, "mallory", undefined)).session).toMatchObject({ role: "ADMIN" });
});

test.each([
  ["ceo@other.example", "a domain of nobody"],
  ["ceo@sub.DOMAIN", "a sub-domain"],
  ["ceo@xn--80ak6aa92e.com", "a look-alike"],
  ["ceo@аpple.com", "a look-alike in Cyrillic"],
  ["ceo@DOMAIN.evil.example", "the domain as a prefix"],
])("SAML-61, SAML-A85: %s (%s) is refused, and nobody is touched", async (address) => {
  const { org, idp } = await build();
  const before = await countsOf(org);

  const { visit } = await enter(idp, "spoof", address.replace("DOMAIN", org.domain));

  expect([visit.status, codeOn(visit)]).toEqual([403, "email_domain_not_owned"]);
  expect(await countsOf(org)).toMatchObject({
    members: before.members,
    sessions: before.sessions,
    identities: before.identities,
  });
});

test("SAML-A85: another organization's verified domain is as foreign as any, and its member stays untouched", async () => {
  const { org, idp } = await build();
  const { org: victim } = await build();
  const before = await countsOf(victim);

  expect(codeOn((await enter(idp, "ceo", victim.email("owner"))).visit)).toBe("email_domain_not_owned");
  expect(await countsOf(victim)).toEqual(before);
  expect((await trailOf(org))[0]).toMatchObject({ result: "DENIED", facts: { code: "email_domain_not_owned" } });
});

test.each(["a@b@c.example", '"quoted"@ORG', "no-at-sign", "spaces in@ORG", "@ORG"])(
  "SAML-61: %s is no address",
  async (address) => {
    const { org, idp } = await build();

    expect(codeOn((await enter(idp, "odd", address.replace("ORG", org.domain))).visit)).toBe("email_missing");
  },
);

test("SAML-61: addresses compare by A-label and without case", async () => {
  const { org, idp } = await build();
  await org.run((tx) => vouchForDomain(tx, { domain: "bücher.example" }), org.operator);

  expect((await enter(idp, "idn", "Ada@BÜCHER.example")).session).toMatchObject({ role: "MEMBER" });
  expect(
    (await enter(idp, "idn-2", "ada@xn--bcher-kva.example", { nameIdFormat: format.email })).session,
  ).toMatchObject({ role: "MEMBER" });
  expect(await effect(org)).toBe("LINKED");
});

test("SAML-60: a NameID in another format, or of another identity provider, is somebody else", async () => {
  const { org, idp } = await build();
  await enter(idp, "same", org.email("first"));

  await enter(idp, "same", org.email("second"), { nameIdFormat: format.email });
  expect(await effect(org)).toBe("CREATED");
  const moved = await connectIdp(org, keys, { connectionId: idp.connection.id, idpEntityId: `${idp.idpEntityId}/new` });
  await enter(moved, "same", org.email("third"));
  expect(await effect(org)).toBe("CREATED");
});

test("SAML-51, SAML-60: a transient NameID needs an attribute that identifies", async () => {
  const { org, idp } = await build();
  const transient = (nameId: string) => ({
    nameIdFormat: format.transient,
    attributes: [
      ["email", [org.email("tess")]],
      ["oid", [`stable-${org.slug}`]],
    ] as const,
    nameId,
  });

  expect(codeOn((await enter(idp, "t1", undefined, transient("t1"))).visit)).toBe("name_id_transient");
  await configure(org, idp.connection.id, { mapping: { identity: "oid" } });
  await enter(idp, "t1", undefined, transient("t1"));
  expect(await effect(org)).toBe("CREATED");
  await enter(idp, "t2", undefined, transient("t2"));
  expect(await effect(org)).toBe("KNOWN");
  expect(codeOn((await enter(idp, "t3", org.email("tess"))).visit)).toBe("name_id_missing");
});

test("SAML-A38: an identifying attribute with two values identifies nobody", async () => {
  const { org, idp } = await build();
  const twice = (attributes: readonly (readonly [string, readonly string[]])[]) =>
    enter(idp, "two", undefined, { attributes });

  expect(codeOn((await twice([["email", [org.email("a"), org.email("b")]]])).visit)).toBe("attribute_repeated");
  expect(
    codeOn(
      (
        await twice([
          ["email", [org.email("a")]],
          ["email", [org.email("b")]],
        ])
      ).visit,
    ),
  ).toBe("attribute_repeated");
});

test("SAML-65: whom SCIM brought over this connection is recognised by user name or external id, with no domain to prove", async () => {
  const { org, idp } = await build({ provisioning: "existing" });
  const byName = await provision(org, idp, `upn-${org.slug}@partner.example`);
  const byId = await provision(org, idp, "someone");
  await execute(
    org,
    `insert into provisioning_link (org_id, connection_id, kind, resource_id, external_id, first_seen_at, last_seen_at)
     values ($1, $2, 'MEMBER', $3, 'ext-77', now(), now())`,
    [idp.connection.id, byId],
  );
  await execute(org, "update member set status = 'ACTIVE' where org_id = $1 and id = any ($2)", [[byName, byId]]);

  expect((await enter(idp, `UPN-${org.slug}@partner.example`, undefined)).session).toMatchObject({ role: "MEMBER" });
  expect((await enter(idp, "ext-77", undefined)).session).toMatchObject({ role: "MEMBER" });
  expect((await trailOf(org, 2)).map(({ facts }) => facts["effect"])).toEqual(["LINKED", "LINKED"]);
});

test("SAML-65, SAML-A89: whom SCIM switched off stays out, known to us or not, and nothing revives them", async () => {
  const { org, idp } = await build();
  const known = await provision(org, idp, org.email("known"));
  const unknown = await provision(org, idp, org.email("unknown"));
  expect((await enter(idp, "known", org.email("known"))).session).toMatchObject({ role: "MEMBER" });
  for (const id of [known, unknown]) {
    await org.run((tx) => changeMember(tx, { id, changes: [{ kind: "suspend" }] }), scim(org, idp.connection.id));
  }
  const before = await countsOf(org);

  expect(codeOn((await enter(idp, "known", org.email("known"))).visit)).toBe("member_deactivated");
  expect(codeOn((await enter(idp, "unknown", org.email("unknown"))).visit)).toBe("member_deactivated");
  expect(await countsOf(org)).toMatchObject({
    members: before.members,
    seats: before.seats,
    sessions: before.sessions,
  });
});

test("SAML-65, ruling c13: whom SCIM deleted is not made again by a sign-in", async () => {
  const { org, idp } = await build();
  const known = await provision(org, idp, org.email("gone-known"));
  const unknown = await provision(org, idp, org.email("gone-unknown"));
  await enter(idp, "gone-known", org.email("gone-known"));
  for (const id of [known, unknown]) await org.run((tx) => removeMember(tx, { id }), scim(org, idp.connection.id));
  const before = await countsOf(org);

  expect(codeOn((await enter(idp, "gone-known", org.email("gone-known"))).visit)).toBe("identity_blocked");
  expect(codeOn((await enter(idp, "gone-unknown", org.email("gone-unknown"))).visit)).toBe("identity_blocked");
  expect(await countsOf(org)).toMatchObject({ members: before.members, sessions: before.sessions });
});

test("SCIM-170, ruling c13: whom SCIM deleted comes back once an administrator allows it, as somebody new", async () => {
  const { org, idp } = await build();
  const id = await provision(org, idp, org.email("back"));
  await enter(idp, "back", org.email("back"));
  const by = { connectionId: idp.connection.id, name: "idp", roleCeiling: "ADMIN" } as const;
  const client = await connect((await testDatabase()).superUrl);
  const marks = async () =>
    (await client.query<{ blocked: boolean }>("select blocked from sso_identity where org_id = $1", [org.orgId])).rows;
  expect(await marks()).toEqual([{ blocked: false }]);
  await expect(org.run((tx) => allowReturn(tx, { memberId: id }))).rejects.toMatchObject({
    code: "conflict",
    facts: { field: "memberId", member: publicId("member", id), status: "ACTIVE" },
  });

  await org.run((tx) => deprovisionMember(tx, { by, id }), scim(org, idp.connection.id));
  expect(await marks()).toEqual([{ blocked: true }]);
  expect(codeOn((await enter(idp, "back", org.email("back"))).visit)).toBe("identity_blocked");
  const other = await build();
  await expect(other.org.run((tx) => allowReturn(tx, { memberId: id }))).rejects.toMatchObject({ code: "not_found" });

  expect(await org.run((tx) => allowReturn(tx, { memberId: id }))).toBe(true);
  expect(await org.run((tx) => allowReturn(tx, { memberId: id }))).toBe(false);
  expect((await enter(idp, "back", org.email("back"))).session).toMatchObject({ role: "MEMBER" });
  expect(await effect(org)).toBe("CREATED");
  const { rows } = await client.query<{ status: string }>(
    "select status from member where org_id = $1 and user_name_key = $2 order by status",
    [org.orgId, org.email("back")],
  );
  expect(rows.map(({ status }) => status)).toEqual(["ACTIVE", "REMOVED"]);
});

test("SAML-A89: sign-ins that race a deactivation leave no session that lives", async () => {
  const { org, idp } = await build();
  const id = await provision(org, idp, org.email("racer"));
  await enter(idp, "racer", org.email("racer"));
  const browsers = Array.from({ length: 6 }, () => new Browser(base));
  const ready = await Promise.all(
    browsers.map(async (browser) => {
      const { form } = await answered(browser, idp, person("racer", org.email("racer")));
      return { browser, at: (await browser.post(idp.connection.urls.acsUrl, form)).location ?? "" };
    }),
  );

  await Promise.all([
    ...ready.map(({ browser, at }) => browser.get(at)),
    org.run((tx) => changeMember(tx, { id, changes: [{ kind: "suspend" }] }), scim(org, idp.connection.id)),
  ]);

  const alive = await Promise.all(browsers.map(async (browser) => (await browser.get("/session")).status));
  expect(alive).toEqual([401, 401, 401, 401, 401, 401]);
});

test("SAML-66, SAML-A90: twenty first sign-ins for one free seat make one member", async () => {
  const { org, idp } = await build({}, 2);
  const before = await countsOf(org);
  const ready = await Promise.all(
    Array.from({ length: 20 }, async (_, i) => {
      const browser = new Browser(base);
      const { form } = await answered(browser, idp, person(`p${i}`, org.email(`p${i}`)));
      return { browser, at: (await browser.post(idp.connection.urls.acsUrl, form)).location ?? "" };
    }),
  );

  const visits = await Promise.all(ready.map(({ browser, at }) => browser.get(at)));

  expect(visits.filter((visit) => visit.status === 303)).toHaveLength(1);
  expect(visits.filter((visit) => codeOn(visit) === "seats_exhausted")).toHaveLength(19);
  expect(await countsOf(org)).toMatchObject({
    members: before.members + 1,
    seats: before.seats + 1,
    sessions: before.sessions + 1,
    identities: before.identities + 1,
  });
  // Nineteen were refused at once; those who can add seats hear of it once that day.
  const mails = (await listMails(db, 1_000)).filter(({ to }) => to === org.email("owner"));
  expect(mails.map(({ subject }) => subject)).toEqual(["A sign-in was refused for want of a seat"]);
});

test("SAML-66: a seat that came free meanwhile is taken by the same code, within its minute", async () => {
  const { org, idp } = await build({}, 2);
  const holder = await org.add("holder");
  const browser = new Browser(base);
  const { form } = await answered(browser, idp, person("waiter", org.email("waiter")));
  const posted = await browser.post(idp.connection.urls.acsUrl, form);
  expect(codeOn(await browser.get(posted.location ?? ""))).toBe("seats_exhausted");

  await org.run((tx) => changeMember(tx, { id: holder.id, changes: [{ kind: "suspend" }] }), org.operator);

  expect((await browser.get(posted.location ?? "")).status).toBe(303);
});

test("SAML-62: two first sign-ins of one person at once make one member", async () => {
  const { org, idp } = await build();
  const before = await countsOf(org);
  const ready = await Promise.all(
    Array.from({ length: 5 }, async () => {
      const browser = new Browser(base);
      const { form } = await answered(browser, idp, person("twin", org.email("twin")));
      return { browser, at: (await browser.post(idp.connection.urls.acsUrl, form)).location ?? "" };
    }),
  );

  const visits = await Promise.all(ready.map(({ browser, at }) => browser.get(at)));

  expect(visits.map((visit) => visit.status)).toEqual([303, 303, 303, 303, 303]);
  expect(await countsOf(org)).toMatchObject({
    members: before.members + 1,
    seats: before.seats + 1,
    identities: before.identities + 1,
    sessions: before.sessions + 5,
  });
});

test("SAML-62: an owner who keeps an emergency access is never linked by an address", async () => {
  const { org, idp } = await build();
  await execute(
    org,
    "insert into sso_exemption (org_id, kind, subject_id, created_at) values ($1, 'BREAK_GLASS', $2, now())",
    [org.ownerId],
  );

  expect(codeOn((await enter(idp, "owner", org.email("owner"))).visit)).toBe("break_glass_not_linked");
});

test("SAML-70: names come under the usual attributes of each vendor", async () => {
  const { org, idp } = await build();
  const claims = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims";
  await enter(idp, "entra", undefined, {
    attributes: [
      [`${claims}/emailaddress`, [org.email("entra")]],
      [`${claims}/givenname`, ["Zoé"]],
      [`${claims}/surname`, ["Dupont"]],
    ],
  });

  const rows = await execute(
    org,
    "select 1 from member where org_id = $1 and given_name = 'Zoé' and family_name = 'Dupont' and display_name = 'Zoé Dupont' and login_email_norm = $2",
    [org.email("entra")],
  );
  expect(rows).toBe(1);
});

const admins = [["groups", ["staff", "plenum-admins"]]] as const;
const rules = [
  { value: "plenum-admins", role: "ADMIN" },
  { value: "staff", role: "MEMBER" },
];
const roleIn = (session: unknown) => (session as { role: string } | null)?.role;
const withGroups = (org: TestOrg, name: string, groups: readonly (readonly [string, readonly string[]])[]) => ({
  attributes: [["email", [org.email(name)]], ...groups] as const,
});

test("SAML-68: the first rule that fits gives the role, at the first sign-in or at every one", async () => {
  const { org, idp } = await build();
  await configure(org, idp.connection.id, { mapping: { roles: { when: "first_login", rules } } });

  expect(roleIn((await enter(idp, "r1", undefined, withGroups(org, "r1", admins))).session)).toBe("ADMIN");
  expect(roleIn((await enter(idp, "r1", undefined, withGroups(org, "r1", [["groups", ["staff"]]]))).session)).toBe(
    "ADMIN",
  );

  await configure(org, idp.connection.id, { mapping: { roles: { when: "every_login", rules } } });
  expect(roleIn((await enter(idp, "r1", undefined, withGroups(org, "r1", [["groups", ["staff"]]]))).session)).toBe(
    "MEMBER",
  );
  expect(roleIn((await enter(idp, "r1", undefined, withGroups(org, "r1", admins))).session)).toBe("ADMIN");
  // No attribute, or Entra's link in its place, says nothing about roles.
  expect(roleIn((await enter(idp, "r1", undefined, withGroups(org, "r1", []))).session)).toBe("ADMIN");
  const overage = [["http://schemas.microsoft.com/claims/groups.link", ["https://graph.example"]]] as const;
  expect(roleIn((await enter(idp, "r1", undefined, withGroups(org, "r1", overage))).session)).toBe("ADMIN");
});

test("SAML-68, SAML-A100: nobody becomes an owner, the connection has a ceiling, and SCIM has the last word", async () => {
  const { org, idp } = await build();
  const sneaky = [{ value: "owner", role: "OWNER" }, ...rules];
  await configure(org, idp.connection.id, { mapping: { roles: { when: "every_login", rules: sneaky } } });
  const owners = [["groups", ["owner", "OWNER", "Owner"]]] as const;
  expect(roleIn((await enter(idp, "o1", undefined, withGroups(org, "o1", owners))).session)).toBe("MEMBER");
  expect(
    roleIn((await enter(idp, "owner", undefined, withGroups(org, "owner", [["groups", ["staff"]]]))).session),
  ).toBe("OWNER");

  await configure(org, idp.connection.id, {
    mapping: { roles: { when: "every_login", rules } },
    role_ceiling: "MEMBER",
  });
  expect(roleIn((await enter(idp, "o1", undefined, withGroups(org, "o1", admins))).session)).toBe("MEMBER");
  await configure(org, idp.connection.id, { role_ceiling: "ADMIN" });
  await provision(org, idp, org.email("scim"));
  expect(roleIn((await enter(idp, "scim", undefined, withGroups(org, "scim", admins))).session)).toBe("MEMBER");
  const many = [["groups", Array.from({ length: 10_000 }, (_, i) => `g${i}`)]] as const;
  expect(codeOn((await enter(idp, "o1", undefined, withGroups(org, "o1", many))).visit)).toBe("message_too_large");
});

test("SAML-69: an address moves within the organization's own domains, where it is free, and the old one hears of it", async () => {
  const { org, idp } = await build();
  await enter(idp, "mover", org.email("old"));
  await enter(idp, "mover", org.email("new"));
  const mails = (await listMails(db, 50)).filter((mail) => mail.to === org.email("old"));

  expect(mails.map((mail) => mail.subject)).toEqual(["Your sign-in address has changed"]);
  expect(mails[0]?.text).toContain(org.email("new"));
  expect(
    await execute(org, "select 1 from member where org_id = $1 and login_email_norm = $2", [org.email("new")]),
  ).toBe(1);

  await org.add("taken");
  for (const address of [org.email("taken"), "mover@elsewhere.example"]) {
    expect((await enter(idp, "mover", address)).session).toMatchObject({ role: "MEMBER" });
    expect(
      await execute(org, "select 1 from member where org_id = $1 and login_email_norm = $2", [org.email("new")]),
    ).toBe(1);
  }
  const managed = await provision(org, idp, org.email("scim-owned"));
  await enter(idp, "scim-owned", org.email("scim-owned"));
  await enter(idp, "scim-owned", org.email("scim-moved"));
  expect(
    await execute(org, "select 1 from member where org_id = $1 and id = $2 and login_email_norm = $3", [
      managed,
      org.email("scim-owned"),
    ]),
  ).toBe(1);
});

test("SAML-61, SAML-76: a domain counts for its own connection, and not once its proof has lapsed", async () => {
  const { org, idp } = await build();
  const other = await org.run((tx) => addConnection(tx, "Other"), org.operator);
  await enter(idp, "known", org.email("known"));

  await execute(org, "update verified_domain set connection_id = $2 where org_id = $1", [other]);
  expect(codeOn((await enter(idp, "stranger", org.email("stranger"))).visit)).toBe("email_domain_not_owned");
  await execute(
    org,
    "update verified_domain set connection_id = null, status = 'LAPSED', lapsed_at = now() where org_id = $1",
  );
  expect(codeOn((await enter(idp, "stranger", org.email("stranger"))).visit)).toBe("email_domain_not_owned");
  expect((await enter(idp, "known", org.email("known"))).session).toMatchObject({ role: "MEMBER" });
});
