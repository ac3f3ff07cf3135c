import { publicId } from "../../services/kernel/ids";
import { buildOrg } from "../support/world";
import { GraphqlDoor, tokenOf } from "./support/door";
import { mutationScene } from "./support/mutation-scene";

let door: GraphqlDoor;

beforeAll(async () => {
  door = await GraphqlDoor.open();
});

/** Asks for one mutation; `input` is named after it. */
async function act(token: string, name: string, fields: string, input: object) {
  const type = `${name[0]!.toUpperCase()}${name.slice(1)}Input`;
  const document = `mutation ($input: ${type}!) { ${name}(input: $input) { ${fields} userErrors { code path facts message } } }`;
  const { data, errors } = await door.ask(token, document, { input });
  expect(errors).toEqual([]);
  return data[name];
}

test("GQL-16: of a member's profile, absent keeps and null clears, field by field; nothing sent changes nothing", async () => {
  const org = await buildOrg(door.db);
  const token = await tokenOf(org, "OWNER");
  const ada = publicId("member", (await org.add("ada")).id);
  const all = {
    displayName: "Ada L",
    givenName: "Ada",
    familyName: "Lovelace",
    title: "Analyst",
    department: "Engines",
    locale: "en-GB",
    timeZone: "Europe/London",
  };
  const names = Object.keys(all);
  const shown = `member { ${names.join(" ")} version }`;
  const update = async (set: object) => act(token, "updateMember", shown, { memberId: ada, ...set });

  let expected: Record<string, string | null> = all;
  expect((await update(all)).member).toMatchObject(expected);
  for (const name of names) {
    expected = { ...expected, [name]: null };
    expect((await update({ [name]: null })).member).toMatchObject(expected);
  }
  const last = (await update({})).member as { version: string };
  expect((await update({ title: null })).member.version).toBe(last.version);
});

test("GQL-16: what cannot be cleared is refused at its place, and nothing else of the input is done", async () => {
  const { token, ids } = await mutationScene(door);
  const refused = (field: string) => ({ code: "INVALID", path: ["input", field] });

  for (const field of ["name", "slug", "locale", "timeZone", "currency", "seatPolicy"]) {
    const answer = await act(token, "updateOrganization", "organization { id }", { expandCeiling: 40, [field]: null });
    expect(answer).toMatchObject({ organization: null, userErrors: [refused(field)] });
  }
  for (const field of ["set", "fields", "slug", "locks"]) {
    const input = { templateId: ids.template, expectedRevision: 2, [field]: null };
    const answer = await act(token, "updateEventTypeTemplate", "template { id }", input);
    expect(answer).toMatchObject({ template: null, userErrors: [refused(field)] });
  }
  for (const field of ["set", "fields", "slug"]) {
    const answer = await act(token, "updateEventType", "eventType { id }", {
      eventTypeId: ids.eventType,
      [field]: null,
    });
    expect(answer).toMatchObject({ eventType: null, userErrors: [refused(field)] });
  }
  const { data } = await door.ask(token, "{ organization { expandCeiling } }");
  expect(data.organization.expandCeiling).toBeNull();
});

test("GQL-16: the ceiling of an organization is set, kept and cleared", async () => {
  const token = await tokenOf(await buildOrg(door.db), "OWNER");
  const update = async (set: object) =>
    (await act(token, "updateOrganization", "organization { expandCeiling seatPolicy name }", set)).organization;

  expect(await update({ expandCeiling: 12, seatPolicy: "EXPAND" })).toMatchObject({
    expandCeiling: 12,
    seatPolicy: "EXPAND",
  });
  expect(await update({ name: "Acme" })).toEqual({ expandCeiling: 12, seatPolicy: "EXPAND", name: "Acme" });
  expect(await update({ expandCeiling: null })).toEqual({ expandCeiling: null, seatPolicy: "EXPAND", name: "Acme" });
});

test("GQL-19: every mutation that takes ifVersion refuses an old one and names the present one", async () => {
  const { token, ids } = await mutationScene(door);
  const old = { ifVersion: "0" };
  const cases: [string, object][] = [
    ["updateMember", { memberId: ids.member, title: "x" }],
    ["changeMemberRole", { memberId: ids.member, role: "ADMIN" }],
    ["suspendMember", { memberId: ids.member }],
    ["reactivateMember", { memberId: ids.suspended }],
    ["removeMember", { memberId: ids.member }],
    ["changeSubscriptionQuantity", { subscriptionId: ids.pool, quantity: 9 }],
    ["changeSubscriptionPlan", { subscriptionId: ids.pool, planCode: "enterprise" }],
    ["undoScheduledChange", { subscriptionId: ids.secondPool }],
    ["updateOrganization", { name: "x" }],
    ["updateEventType", { eventTypeId: ids.eventType, set: { name: "x" } }],
  ];
  for (const [name, input] of cases) {
    const { userErrors } = await act(token, name, "", { ...input, ...old });
    expect(userErrors).toMatchObject([
      { code: "STALE_VERSION", path: [], facts: { version: expect.stringMatching(/^\d+$/) } },
    ]);
  }
  const template = { templateId: ids.template, set: { name: "x" }, expectedRevision: 1 };
  expect((await act(token, "updateEventTypeTemplate", "", template)).userErrors).toMatchObject([
    { code: "STALE_REVISION", facts: { revision: 2 } },
  ]);
});

test("GQL-15, ORG-11: invitations beyond the last seat are a userError with its counts; nobody is invited", async () => {
  const org = await buildOrg(door.db, { seats: 2 });
  const token = await tokenOf(org, "OWNER");
  const invite = async (...names: string[]) =>
    act(token, "inviteMembers", "members { email seatStatus }", {
      invitees: names.map((name) => ({ email: org.email(name) })),
    });

  expect(await invite("ada", "bob")).toMatchObject({
    members: null,
    userErrors: [{ code: "SEATS_EXHAUSTED", facts: { plan: "teams", quantity: 2 } }],
  });
  expect(await invite("ada")).toEqual({
    members: [{ email: org.email("ada"), seatStatus: "ASSIGNED" }],
    userErrors: [],
  });
  expect(await invite("ada")).toMatchObject({ members: null, userErrors: [{ code: "ALREADY_MEMBER" }] });
  const { data } = await door.ask(token, "{ seatSummary { purchased used reserved available } }");
  expect(data.seatSummary).toEqual({ purchased: 2, used: 2, reserved: 1, available: 0 });
});

test("ORG-11: those who were invited are shown in the order of the list", async () => {
  const org = await buildOrg(door.db, { seats: 30 });
  const invitees = Array.from({ length: 25 }, (_, i) => ({ email: org.email(`guest${(i * 7) % 25}`) }));

  const { members } = await act(await tokenOf(org, "OWNER"), "inviteMembers", "members { email }", { invitees });

  expect(members).toEqual(invitees);
});

test("GQL-14: one payload field may be asked for twice under names of one's own", async () => {
  const { token, ids } = await mutationScene(door);
  const fields = "first: member { given: givenName title } second: member { title }";

  const answer = await act(token, "updateMember", fields, { memberId: ids.member, title: "Poet", givenName: "Ada" });

  expect(answer).toEqual({ first: { given: "Ada", title: "Poet" }, second: { title: "Poet" }, userErrors: [] });
});

test("ORG-14: a letter sent again too soon is sent with a warning, five times a day", async () => {
  const { token, ids } = await mutationScene(door);
  const resend = async () =>
    act(token, "resendInvitation", "invitation { status } warnings", { invitationId: ids.invitation });

  expect(await resend()).toEqual({
    invitation: { status: "PENDING" },
    warnings: ["RESEND_BEFORE_RECOMMENDED_DELAY"],
    userErrors: [],
  });
  let last = await resend();
  for (let n = 0; n < 5 && last.userErrors.length === 0; n++) last = await resend();
  expect(last).toMatchObject({
    invitation: null,
    userErrors: [{ code: "RESEND_LIMIT_REACHED", facts: { perDay: 5 } }],
  });
  await act(token, "revokeInvitation", "invitation { status }", { invitationId: ids.invitation });
  expect((await resend()).userErrors).toMatchObject([{ code: "INVITATION_NOT_PENDING" }]);
});

test("GQL-15: the last owner stays, and hands ownership on", async () => {
  const { token, ids, org } = await mutationScene(door);
  const owner = publicId("member", org.ownerId);

  expect((await act(token, "removeMember", "", { memberId: owner })).userErrors).toMatchObject([
    { code: "LAST_OWNER" },
  ]);
  expect((await act(token, "suspendMember", "", { memberId: owner })).userErrors).toMatchObject([
    { code: "LAST_OWNER" },
  ]);
  const { member } = await act(token, "transferOwnership", "member { id role }", { memberId: ids.member });
  expect(member).toEqual({ id: ids.member, role: "OWNER" });
});

test("DEC-10, DEC-11: a pool grows at once, shrinks with the next period, and never below what is held", async () => {
  const { token, ids } = await mutationScene(door);
  const shown = "subscription { quantity used scheduledChange { quantity } }";
  const set = async (quantity: number) =>
    act(token, "changeSubscriptionQuantity", shown, { subscriptionId: ids.pool, quantity });

  expect((await set(12)).subscription).toEqual({ quantity: 12, used: 3, scheduledChange: null });
  expect((await set(3)).subscription).toEqual({ quantity: 12, used: 3, scheduledChange: { quantity: 3 } });
  expect(await set(2)).toMatchObject({ subscription: null, userErrors: [{ code: "SEATS_IN_USE" }] });
  expect((await set(0)).userErrors).toMatchObject([{ code: "INVALID", path: ["input", "quantity"] }]);
  const undone = await act(token, "undoScheduledChange", shown, { subscriptionId: ids.pool });
  expect(undone.subscription.scheduledChange).toBeNull();
  const nothing = await act(token, "undoScheduledChange", "", { subscriptionId: ids.pool });
  expect(nothing.userErrors).toMatchObject([{ code: "NOTHING_SCHEDULED" }]);
});

test("EVT-08, EVT-09: a locked field is refused with its section; an unlocked one is the member's", async () => {
  const { token, ids } = await mutationScene(door);
  const change = async (set: object) =>
    act(token, "updateEventType", "eventType { name }", { eventTypeId: ids.eventType, set });

  expect(await change({ name: "Mine" })).toEqual({ eventType: { name: "Mine" }, userErrors: [] });
  expect(await change({ color: "#123456" })).toMatchObject({
    eventType: null,
    userErrors: [{ code: "FIELD_LOCKED", path: ["input", "color"], facts: { section: "BRANDING", lock: "LOCKED" } }],
  });
});

test("SEC-03, SEC-04: a new API token works with the secret that was shown, until it is revoked", async () => {
  const { token, org } = await mutationScene(door);
  const made = await act(token, "createToken", "secret token { id name }", { name: "reports", role: "ADMIN" });

  const slug = async () =>
    (await door.ask(made.secret as string, "{ organization { slug } }")).data?.organization?.slug as unknown;
  expect(await slug()).toBe(org.slug);
  await act(token, "revokeToken", "token { id }", { tokenId: made.token.id });
  expect(await slug()).toBeUndefined();
  expect((await act(token, "revokeToken", "", { tokenId: made.token.id })).userErrors).toMatchObject([
    { code: "NOT_FOUND" },
  ]);
});
