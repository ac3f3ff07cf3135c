import { permissionsOfKind } from "../../../services/domain/access";
import { addExemption, breakGlass, lookAtSignInLink, sendSignInLink } from "../../../services/domain/identity";
import { changeMember, type Member } from "../../../services/domain/members";
import { parseEmail } from "../../../services/kernel/email";
import { newId, type MemberId } from "../../../services/kernel/ids";
import type { Caller } from "../../../services/platform/caller";
import { listMails } from "../../../services/platform/lobby";
import type { Database } from "../../../services/platform/unit-of-work";
import { registerAuthenticator, signedIn } from "../../support/identity";
import { buildOrg, testClock, testWorld, unique, type TestOrg } from "../../support/world";

let db: Database;

beforeAll(async () => {
  db = await testWorld();
});

const origin = { requestId: "moved" };
const move = (org: TestOrg, id: MemberId, to: string, caller: Caller = org.operator) =>
  org.run(
    (tx) =>
      changeMember(tx, {
        id,
        changes: [
          {
            kind: "values",
            attributes: ["emails"],
            values: [{ attribute: "emails", type: "work", value: to, primary: true, detail: null }],
          },
        ],
      }),
    caller,
  );
/** Which organizations the letter to an address opens; nothing where none goes out. */
async function opens(address: string): Promise<string[] | undefined> {
  await sendSignInLink(db, parseEmail("email", address), "en");
  const mail = (await listMails(db, 1000)).find(({ to, text }) => to === address && text.includes("/sign-in/"));
  const secret = /\/sign-in\/(\S+)/.exec(mail?.text ?? "")?.[1];
  return secret === undefined ? undefined : (await lookAtSignInLink(db, secret, origin)).map(({ slug }) => slug);
}
const build = async (): Promise<{ org: TestOrg; ada: Member }> => {
  const org = await buildOrg(db, { seats: 6 });
  return { org, ada: await org.add(unique("ada")) };
};

test("SAML-69: after a member's address has changed the old mailbox opens nothing, the new one does", async () => {
  const { org, ada } = await build();
  const to = org.email(unique("moved"));

  await move(org, ada.id, to);

  expect(await opens(to)).toEqual([org.slug]);
  expect(await opens(ada.loginEmail!)).toEqual([]);
});

test("SAML-69: a letter that was on its way to the old mailbox opens nothing either", async () => {
  const { org, ada } = await build();
  await sendSignInLink(db, parseEmail("email", ada.loginEmail!), "en");
  const [mail] = (await listMails(db, 1000)).filter(({ to }) => to === ada.loginEmail);
  const secret = /\/sign-in\/(\S+)/.exec(mail!.text)![1]!;
  expect(await lookAtSignInLink(db, secret, origin)).toHaveLength(1);

  await move(org, ada.id, org.email(unique("moved")));

  expect(await lookAtSignInLink(db, secret, origin)).toEqual([]);
});

test("SAML-63, ruling 4: in another organization of the same person nothing changes", async () => {
  const { org, ada } = await build();
  const other = await buildOrg(db, { seats: 4 });
  const emails = [{ attribute: "emails", type: "work", value: ada.loginEmail!, primary: true, detail: null }];
  await other.add(unique("guest"), { values: emails });

  await move(org, ada.id, org.email(unique("moved")));

  expect(await opens(ada.loginEmail!)).toEqual([other.slug]);
});

test("SAML-69: an address in a domain that nobody has proved opens nothing; the person stays who they are", async () => {
  const { org, ada } = await build();
  const to = `${unique("ada")}@elsewhere.example`;

  await move(org, ada.id, to);

  expect(await opens(to)).toBeUndefined();
  expect(await opens(ada.loginEmail!)).toEqual([org.slug]);
});

test("SAML-69: the same address in other letters, and back again", async () => {
  const { org, ada } = await build();

  await move(org, ada.id, ada.loginEmail!.toUpperCase());
  expect(await opens(ada.loginEmail!)).toEqual([org.slug]);
  const to = org.email(unique("moved"));
  await move(org, ada.id, to);
  await move(org, ada.id, ada.loginEmail!);

  expect(await opens(to)).toEqual([]);
  expect(await opens(ada.loginEmail!)).toEqual([org.slug]);
});

test("SAML-83, SAML-84: an owner whose address changes keeps the emergency access", async () => {
  const clock = testClock();
  const world = await testWorld({ clock });
  const org = await buildOrg(world);
  const app = await registerAuthenticator(org, org.ownerId);
  const owner = await signedIn(org, org.ownerId);
  await org.run((tx) => addExemption(tx, { kind: "BREAK_GLASS", memberId: org.ownerId }), owner);
  const to = org.email(unique("chief"));

  await move(org, org.ownerId, to);

  clock.advanceMs(60_000);
  const proof = { kind: "codes", email: to, code: app.code(clock.now()), recoveryCode: app.recoveryCodes[0]! } as const;
  expect(await breakGlass(world, { organization: org.slug, proof }, origin)).toMatchObject({ orgId: org.orgId });
});

test("SAML-69, ruling 8: an owner's sign-in address is an owner's to change: no administrator, no SCIM, no assertion", async () => {
  const { org } = await build();
  const admin = await org.add(unique("admin"), { role: "ADMIN" });
  const before = org.email("owner");
  const to = org.email(unique("mine"));
  const permissions = permissionsOfKind.scim;
  const [connectionId, tokenId] = [newId("connection"), newId("scimToken")];
  const scim = { kind: "scim", orgId: org.orgId, permissions, connectionId, tokenId, tokenName: "t", origin } as const;

  await expect(move(org, org.ownerId, to, org.person(admin.id, "ADMIN"))).rejects.toMatchObject({
    code: "forbidden",
    facts: { field: "email", role: "OWNER" },
  });
  const { member } = await move(org, org.ownerId, to, scim);
  expect([member.loginEmail, member.values.map(({ value }) => value)]).toEqual([before, [to]]);
  expect([await opens(to), await opens(before)]).toEqual([undefined, [org.slug]]);

  // What an administrator may, they still may.
  const changes = [{ kind: "profile", set: { title: "Chief" } }] as const;
  const titled = await org.run((tx) => changeMember(tx, { id: org.ownerId, changes }), org.person(admin.id, "ADMIN"));
  expect([titled.member.title, titled.member.loginEmail]).toEqual(["Chief", before]);

  // Nor does it become theirs by what an owner or the operator changes besides, letters of the same address included.
  for (const caller of [org.owner, org.operator]) {
    const change = (title: string) => [{ kind: "profile", set: { title } }] as const;
    const again = await org.run((tx) => changeMember(tx, { id: org.ownerId, changes: change(unique("t")) }), caller);
    expect(again.member.loginEmail).toBe(before);
    expect((await move(org, org.ownerId, to.toUpperCase(), caller)).member.loginEmail).toBe(before);
    await move(org, org.ownerId, to, caller);
  }
  expect([await opens(to), await opens(before)]).toEqual([undefined, [org.slug]]);

  const moved = await move(org, org.ownerId, org.email(unique("own")), org.owner);
  expect([await opens(moved.member.loginEmail!), await opens(before)]).toEqual([[org.slug], []]);
});
