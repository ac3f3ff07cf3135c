import {
  acceptInvitation,
  declineInvitation,
  inviteMembers,
  pendingInvitationOf,
  resendInvitation,
  revokeInvitation,
} from "../../../services/domain/members";
import { publicOf } from "../../../services/domain/access";
import { showSeatSummary } from "../../../services/domain/subscriptions";
import type { MemberId } from "../../../services/kernel/ids";
import { listMails } from "../../../services/platform/lobby";
import type { Database } from "../../../services/platform/unit-of-work";
import { buildOrg, testClock, testWorld, type TestOrg } from "../../support/world";

let db: Database;
const clock = testClock();

beforeAll(async () => {
  db = await testWorld({ clock });
});

async function linkIn(email: string): Promise<string> {
  const mail = (await listMails(db, 1000)).find((m) => m.to === email);
  const secret = /\/invitation\/(plminv_\S+)/.exec(mail?.text ?? "")?.[1];
  if (!secret) throw new Error(`no invitation was mailed to ${email}`);
  return secret;
}

const visitor = (org: TestOrg) => publicOf(org.orgId, org.origin);
const invitationOf = (org: TestOrg, id: MemberId) => org.run(async (tx) => (await pendingInvitationOf(tx, id))!);

test("ORG-11, ORG-12, DEC-07: inviting reserves a seat and mails a link; accepting makes the invitee active and moves no counter", async () => {
  const org = await buildOrg(db, { seats: 3 });

  const [ada] = await org.invite("ada");
  expect(ada).toMatchObject({ status: "INVITED", role: "MEMBER", personId: null, joinedAt: null });
  expect(await org.run((tx) => showSeatSummary(tx, {}))).toMatchObject({
    purchased: 3,
    used: 2,
    reserved: 1,
    available: 1,
  });

  const secret = await linkIn(org.email("ada"));
  const joined = await org.run((tx) => acceptInvitation(tx, { secret }), visitor(org));

  expect(joined).toMatchObject({ id: ada!.id, status: "ACTIVE", joinedAt: clock.now() });
  expect(await org.run((tx) => showSeatSummary(tx, {}))).toMatchObject({
    purchased: 3,
    used: 2,
    reserved: 0,
    available: 1,
  });
});

test("C4: a link works once; used, revoked, foreign and malformed links get one and the same answer", async () => {
  const org = await buildOrg(db);
  const other = await buildOrg(db);
  await org.invite("bob", "eve");
  const secret = await linkIn(org.email("bob"));
  const revoked = await linkIn(org.email("eve"));
  await org.run((tx) => acceptInvitation(tx, { secret }), visitor(org));
  const eve = (await org.run((tx) => inviteMembers(tx, { invitees: [{ email: org.email("zoe") }] })))[0]!;
  await org.run(async (tx) => revokeInvitation(tx, { id: (await pendingInvitationOf(tx, eve.id))!.id }));

  const answers = await Promise.all(
    [
      [secret, org],
      [await linkIn(org.email("zoe")), org],
      [revoked, other],
      [revoked.slice(0, -1) + (revoked.endsWith("x") ? "y" : "x"), org],
      ["plminv_nonsense", org],
    ].map(([text, where]) =>
      (where as TestOrg)
        .run((tx) => acceptInvitation(tx, { secret: text as string }), visitor(where as TestOrg))
        .then(
          () => "accepted",
          (error: { code: string; message: string }) => `${error.code}: ${error.message}`,
        ),
    ),
  );

  expect(new Set(answers)).toEqual(new Set(["invalid_token: this link is unknown, used or expired"]));
});

test("NFR-04: of ten acceptances of one link at the same moment one succeeds", async () => {
  const org = await buildOrg(db);
  await org.invite("ten");
  const secret = await linkIn(org.email("ten"));

  const results = await Promise.allSettled(
    Array.from({ length: 10 }, () => org.run((tx) => acceptInvitation(tx, { secret }), visitor(org))),
  );

  expect(results.filter((r) => r.status === "fulfilled")).toHaveLength(1);
  const refused = results.filter((r) => r.status === "rejected").map((r) => (r.reason as { code: string }).code);
  expect(new Set(refused)).toEqual(new Set(["invalid_token"]));
});

test("DEC-07: declining and revoking give the seat back and take the invitee off the list", async () => {
  const org = await buildOrg(db, { seats: 3 });
  const [dan, kim] = await org.invite("dan", "kim");
  const secret = await linkIn(org.email("dan"));

  await org.run((tx) => declineInvitation(tx, { secret }), visitor(org));
  const id = (await invitationOf(org, kim!.id)).id;
  expect(await org.run((tx) => revokeInvitation(tx, { id }))).toMatchObject({ id: kim!.id, status: "REMOVED" });

  expect(await org.run((tx) => showSeatSummary(tx, {}))).toMatchObject({ used: 1, reserved: 0, available: 2 });
  await expect(org.run((tx) => revokeInvitation(tx, { id }))).rejects.toMatchObject({ code: "invitation_not_pending" });
  expect(await org.invite("dan", "kim")).toHaveLength(2);
  expect(dan!.id).not.toBe(kim!.id);
});

test("ORG-14, DEC-08: a letter may be sent again at once, with advice; the old link dies; the sixth of a day is refused", async () => {
  const org = await buildOrg(db);
  const [ada] = await org.invite("ada");
  const { id } = await invitationOf(org, ada!.id);
  const first = await linkIn(org.email("ada"));

  const again = await org.run((tx) => resendInvitation(tx, { id }));
  expect(again).toMatchObject({ warnings: ["resend_before_recommended_delay"], invitation: { sendCount: 2 } });
  await expect(org.run((tx) => acceptInvitation(tx, { secret: first }), visitor(org))).rejects.toMatchObject({
    code: "invalid_token",
  });

  for (let n = 3; n <= 5; n++) await org.run((tx) => resendInvitation(tx, { id }));
  await expect(org.run((tx) => resendInvitation(tx, { id }))).rejects.toMatchObject({
    code: "resend_limit_reached",
    facts: { perDay: 5 },
  });

  clock.advanceMs(25 * 60 * 60 * 1000);
  expect(await org.run((tx) => resendInvitation(tx, { id }))).toMatchObject({
    warnings: [],
    invitation: { sendCount: 6 },
  });
});

test("D3: 1 to 100 invitees, all or nobody, and a refusal names the place in the list", async () => {
  const org = await buildOrg(db, { seats: 3 });
  await org.add("here");
  const invite = (emails: string[]) =>
    org.run((tx) => inviteMembers(tx, { invitees: emails.map((email) => ({ email })) }));

  await expect(invite([])).rejects.toMatchObject({ code: "invalid", facts: { field: "invitees" } });
  await expect(invite(Array.from({ length: 101 }, (_, i) => org.email(`n${i}`)))).rejects.toMatchObject({
    code: "invalid",
  });
  await expect(invite([org.email("a"), "no address"])).rejects.toMatchObject({
    code: "invalid",
    facts: { field: "invitees.1.email" },
  });
  await expect(invite([org.email("a"), org.email("A")])).rejects.toMatchObject({
    code: "duplicate",
    facts: { field: "invitees.1.email" },
  });
  await expect(invite([org.email("a"), org.email("here")])).rejects.toMatchObject({
    code: "already_member",
    facts: { field: "invitees.1.email", status: "ACTIVE" },
  });
  await expect(invite([org.email("a"), org.email("b")])).rejects.toMatchObject({
    code: "seats_exhausted",
    facts: { plan: "teams", used: 3, quantity: 3, index: 1 },
  });
  expect(await org.run((tx) => showSeatSummary(tx, {}))).toMatchObject({ used: 2, reserved: 0 });
});

test("ORG-17, D5: a plain member invites nobody, an admin makes no owner", async () => {
  const org = await buildOrg(db);
  const plain = await org.add("plain");
  const admin = await org.add("admin", { role: "ADMIN" });
  const invite = (role: "ADMIN" | "OWNER") => ({ invitees: [{ email: org.email("x"), role }] });

  await expect(
    org.run((tx) => inviteMembers(tx, invite("ADMIN")), org.person(plain.id, "MEMBER")),
  ).rejects.toMatchObject({
    code: "forbidden",
    facts: { permission: "invitation:write" },
  });
  await expect(
    org.run((tx) => inviteMembers(tx, invite("OWNER")), org.person(admin.id, "ADMIN")),
  ).rejects.toMatchObject({
    code: "forbidden",
    facts: { role: "OWNER" },
  });
});
