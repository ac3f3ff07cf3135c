import { listEntries } from "../../services/domain/audit";
import { publicId, type MemberId } from "../../services/kernel/ids";
import { buildOrg, type TestOrg } from "../support/world";
import { GraphqlDoor, tokenOf, type Answer, type Data } from "./support/door";

let door: GraphqlDoor;

beforeAll(async () => {
  door = await GraphqlDoor.open();
});

interface Scene {
  readonly org: TestOrg;
  readonly token: string;
  /** Sends a mutation with one input; answers its payload. */
  act(name: string, input: object, shows?: string, headers?: Record<string, string>): Promise<Data>;
  answer(name: string, input: object, shows?: string, headers?: Record<string, string>): Promise<Answer>;
}

async function scene(plan = "teams", seats = 5): Promise<Scene> {
  const org = await buildOrg(door.db, { plan, seats });
  const token = await tokenOf(org, "OWNER", org.ownerId);
  const answer: Scene["answer"] = (name, input, shows = "", headers = {}) => {
    const type = `${name[0]?.toUpperCase()}${name.slice(1)}Input`;
    const query = `mutation Act($input: ${type}!) { it: ${name}(input: $input) { ${shows} userErrors { code path facts message } } }`;
    return door.ask(token, query, { input }, headers);
  };
  const act: Scene["act"] = async (...args) => {
    const { data, errors } = await answer(...args);
    expect(errors).toEqual([]);
    return data.it;
  };
  return { org, token, act, answer };
}

const idOf = (id: MemberId) => publicId("member", id);

test("ORG-01, GQL-16: an organization is renamed; what is left out stays, what cannot be empty cannot be cleared", async () => {
  const { act, org } = await scene();
  const shows = "organization { id name slug locale timeZone currency seatPolicy expandCeiling version }";
  const { organization } = await act(
    "updateOrganization",
    { name: " Atelier ", seatPolicy: "EXPAND", expandCeiling: 9, locale: "FR" },
    shows,
  );
  expect(organization).toEqual({
    ...{ id: publicId("organization", org.orgId), name: "Atelier", slug: org.slug, locale: "FR" },
    ...{ timeZone: "Europe/Paris", currency: "EUR", seatPolicy: "EXPAND", expandCeiling: 9, version: "2" },
  });
  expect((await act("updateOrganization", { expandCeiling: null }, shows)).organization).toMatchObject({
    expandCeiling: null,
    name: "Atelier",
  });
  const refused = await act("updateOrganization", { name: null });
  expect(refused.userErrors).toMatchObject([{ code: "INVALID", path: ["input", "name"] }]);
});

test("GQL-19: who saw an older version is refused, and told which one there is", async () => {
  const { act } = await scene();
  await act("updateOrganization", { name: "One" });
  const { userErrors, organization } = await act(
    "updateOrganization",
    { name: "Two", ifVersion: "1" },
    "organization { name }",
  );
  expect(organization).toBe(null);
  expect(userErrors).toMatchObject([{ code: "STALE_VERSION", facts: { version: "2" } }]);
});

test("ORG-11, ORG-12, ORG-13: inviting reserves seats, names who cannot be invited, and is all or nothing", async () => {
  const { act, org } = await scene("teams", 4);
  const shows = "members { email status role seatStatus invitation { status sendCount } }";
  const { members } = await act(
    "inviteMembers",
    {
      invitees: [
        { email: org.email("a"), name: "A" },
        { email: org.email("b"), role: "ADMIN" },
      ],
    },
    shows,
  );
  expect(members).toEqual([
    {
      email: org.email("a"),
      status: "INVITED",
      role: "MEMBER",
      seatStatus: "ASSIGNED",
      invitation: { status: "PENDING", sendCount: 1 },
    },
    {
      email: org.email("b"),
      status: "INVITED",
      role: "ADMIN",
      seatStatus: "ASSIGNED",
      invitation: { status: "PENDING", sendCount: 1 },
    },
  ]);

  const bad = await act("inviteMembers", { invitees: [{ email: org.email("c") }, { email: "nobody" }] });
  expect(bad.userErrors).toMatchObject([{ code: "INVALID", path: ["input", "invitees", "1", "email"] }]);
  const full = await act(
    "inviteMembers",
    { invitees: [{ email: org.email("c") }, { email: org.email("d") }] },
    "members { id }",
  );
  expect(full.members).toBe(null);
  expect(full.userErrors).toMatchObject([
    { code: "SEATS_EXHAUSTED", path: ["input", "invitees", "1"], facts: { plan: "teams", used: 4, quantity: 4 } },
  ]);
  const { data } = await door.ask(await tokenOf(org, "OWNER"), "{ seatSummary { used reserved } }");
  expect(data.seatSummary).toEqual({ used: 3, reserved: 2 });
});

test("ruling a15: what a person reads comes in their language, what a program reads does not change", async () => {
  const { act, org } = await scene("teams", 1);
  const invite = { invitees: [{ email: org.email("a") }] };
  const french = await act("inviteMembers", invite, "", { "accept-language": "fr-CA, en;q=0.5" });
  const english = await act("inviteMembers", invite, "", { "accept-language": "de" });
  expect(french.userErrors[0]).toMatchObject({
    code: "SEATS_EXHAUSTED",
    message: "Aucune place libre : 1 sur 1 sont prises.",
  });
  expect(english.userErrors[0]).toMatchObject({ code: "SEATS_EXHAUSTED", message: "No free seat: 1 of 1 are taken." });
});

test("ORG-14, DEC-08: a letter is sent again, with advice; taken back, the seat is free", async () => {
  const { act, org, token } = await scene();
  await org.invite("ada");
  const { data } = await door.ask(token, "{ invitations(first: 1) { nodes { id } } }");
  const invitationId = data.invitations.nodes[0].id;
  const again = await act("resendInvitation", { invitationId }, "invitation { sendCount } warnings");
  expect(again).toMatchObject({ invitation: { sendCount: 2 }, warnings: ["RESEND_BEFORE_RECOMMENDED_DELAY"] });
  const back = await act("revokeInvitation", { invitationId }, "invitation { status member { status } }");
  expect(back.invitation).toEqual({ status: "REVOKED", member: { status: "REMOVED" } });
  expect((await act("revokeInvitation", { invitationId })).userErrors).toMatchObject([
    { code: "INVITATION_NOT_PENDING" },
  ]);
  expect((await door.ask(token, "{ seatSummary { used } }")).data.seatSummary.used).toBe(1);
});

test("ORG-16, SEC-02: suspending frees the seat and ends access, coming back takes one, removing is for good", async () => {
  const { act, org } = await scene("teams", 2);
  const ada = await org.add("ada");
  const adas = await tokenOf(org, "MEMBER", ada.id);
  expect((await door.ask(adas, "{ viewer { member { name } } }")).data.viewer.member.name).toBe("ada");
  const memberId = idOf(ada.id);

  const suspended = await act("suspendMember", { memberId }, "member { status seatStatus seat { id } }");
  expect(suspended.member).toEqual({ status: "SUSPENDED", seatStatus: "NONE", seat: null });
  expect((await door.ask(adas, "{ viewer { member { name } } }")).status).toBe(401);
  await org.add("ben");
  const full = await act("reactivateMember", { memberId });
  expect(full.userErrors).toMatchObject([{ code: "SEATS_EXHAUSTED" }]);

  const removed = await act("removeMember", { memberId }, "member { id status removedAt }");
  expect(removed.member).toMatchObject({ id: memberId, status: "REMOVED", removedAt: expect.stringMatching(/Z$/) });
  expect((await act("removeMember", { memberId })).userErrors).toMatchObject([
    { code: "NOT_FOUND", facts: { what: "member" } },
  ]);
});

test("GQL-16, SEC-50: a profile is changed field by field, and the log knows what was before", async () => {
  const { act, org } = await scene();
  const ada = await org.add("ada");
  const memberId = idOf(ada.id);
  const shows = "member { displayName title department }";
  await act("updateMember", { memberId, displayName: "Ada", title: "Countess", department: "Engines" });
  expect((await act("updateMember", { memberId, title: null }, shows)).member).toEqual({
    displayName: "Ada",
    title: null,
    department: "Engines",
  });
  const { data } = await door.ask(
    await tokenOf(org, "OWNER"),
    `query ($id: ID!) { auditEntries(first: 1, filter: { targetId: $id, action: ["member.change"] }) { nodes { before after actor { kind } } } }`,
    { id: memberId },
  );
  expect(data.auditEntries.nodes).toEqual([
    { before: { title: "Countess" }, after: { title: null }, actor: { kind: "token" } },
  ]);
});

test("ruling 8: roles move below the owner, ownership is handed on, the last owner stays", async () => {
  const { act, org, token } = await scene();
  const ada = await org.add("ada");
  const memberId = idOf(ada.id);
  expect((await act("changeMemberRole", { memberId, role: "ADMIN" }, "member { role }")).member.role).toBe("ADMIN");
  const last = await act("suspendMember", { memberId: idOf(org.ownerId) });
  expect(last.userErrors).toMatchObject([{ code: "LAST_OWNER" }]);
  expect((await act("transferOwnership", { memberId }, "member { role }")).member.role).toBe("OWNER");
  const { data } = await door.ask(
    token,
    "{ viewer { member { role viewerMay } permissions } members(first: 5, filter: { role: [OWNER] }) { nodes { viewerMay } } }",
  );
  expect(data.viewer.member).toEqual({ role: "ADMIN", viewerMay: ["MEMBER_WRITE", "MEMBER_ROLE", "SEAT_ASSIGN"] });
  expect(data.viewer.permissions).not.toContain("OWNER_TRANSFER");
  expect(data.members.nodes).toEqual([{ viewerMay: ["SEAT_ASSIGN"] }]);
});

test("SUB-03, SUB-05, DEC-11, INV-07: subscriptions grow now, shrink later, and tell beforehand", async () => {
  const { act, token } = await scene("teams", 3);
  const { data } = await door.ask(token, "{ subscriptions(first: 1) { nodes { id } } }");
  const subscriptionId = data.subscriptions.nodes[0].id;
  const preview = await door.ask(
    token,
    `query ($i: PreviewSubscriptionChangeInput!) { previewSubscriptionChange(input: $i) { when quantity nextQuantity lines { kind quantity amount { currency } } dueNow { amount amountMinor currency } } }`,
    { i: { subscriptionId, quantity: 5 } },
  );
  expect(preview.data.previewSubscriptionChange).toMatchObject({
    ...{ when: "NOW", quantity: 5, nextQuantity: null },
    ...{ lines: [{ kind: "CHARGE", quantity: 2, amount: { currency: "EUR" } }], dueNow: { currency: "EUR" } },
  });
  const shows = "subscription { quantity used available scheduledChange { quantity plan { code } } }";
  expect((await act("changeSubscriptionQuantity", { subscriptionId, quantity: 5 }, shows)).subscription).toEqual({
    quantity: 5,
    used: 1,
    available: 4,
    scheduledChange: null,
  });
  expect((await act("changeSubscriptionQuantity", { subscriptionId, quantity: 2 }, shows)).subscription).toEqual({
    quantity: 5,
    used: 1,
    available: 1,
    scheduledChange: { quantity: 2, plan: null },
  });
  expect((await act("undoScheduledChange", { subscriptionId }, shows)).subscription.scheduledChange).toBe(null);
  expect((await act("undoScheduledChange", { subscriptionId })).userErrors).toMatchObject([
    { code: "NOTHING_SCHEDULED" },
  ]);
  const inUse = await act("changeSubscriptionQuantity", { subscriptionId, quantity: 0 });
  expect(inUse.userErrors.length).toBe(1);
  const refusedPreview = await door.ask(
    token,
    `query ($i: PreviewSubscriptionChangeInput!) { previewSubscriptionChange(input: $i) { when } }`,
    { i: { subscriptionId } },
  );
  expect(refusedPreview.errors[0]?.extensions).toMatchObject({ code: "BAD_USER_INPUT", facts: { field: "input" } });
  const up = await act(
    "changeSubscriptionPlan",
    { subscriptionId, planCode: "enterprise" },
    "subscription { plan { code } unitAmount }",
  );
  expect(up.subscription).toEqual({ plan: { code: "enterprise" }, unitAmount: "20" });
  const down = await act("changeSubscriptionPlan", { subscriptionId, planCode: "free" });
  expect(down.userErrors).toMatchObject([{ code: "SEATS_IN_USE" }]);
});

test("SUB-16, SUB-17, SUB-18: the default pool moves, licences are given and taken by name or by plan", async () => {
  const { act, org } = await scene("teams", 3);
  const ada = await org.add("ada");
  const memberId = idOf(ada.id);
  const made = await act(
    "createSubscription",
    { planCode: "enterprise", quantity: 1, billingMode: "ANNUAL" },
    "subscription { id isDefault billingMode plan { code } }",
  );
  expect(made.subscription).toMatchObject({ isDefault: false, billingMode: "ANNUAL", plan: { code: "enterprise" } });
  const subscriptionId = made.subscription.id;
  expect(
    (await act("setDefaultSubscription", { subscriptionId }, "subscription { isDefault }")).subscription.isDefault,
  ).toBe(true);
  const held = "member { seat { plan { code } } options { plan { code } } onFreePlan }";
  expect((await act("assignLicence", { memberId, subscriptionId }, held)).member.seat.plan.code).toBe("enterprise");
  expect((await act("assignPlan", { memberId, planCode: "teams" }, held)).member.seat.plan.code).toBe("teams");
  await act("createSubscription", { planCode: "recording", quantity: 1, billingMode: "MONTHLY" });
  expect((await act("assignPlan", { memberId, planCode: "recording" }, held)).member.options).toEqual([
    { plan: { code: "recording" } },
  ]);
  const other = await org.add("ben");
  const full = await act("assignPlan", { memberId: idOf(other.id), planCode: "recording" });
  expect(full.userErrors).toMatchObject([
    { code: "SEATS_EXHAUSTED", facts: { plan: "recording", used: 1, quantity: 1 } },
  ]);
  const released = await act("releaseLicence", { memberId, subscriptionId }, held);
  expect(released.userErrors).toEqual([]);
});

test("EVT-02, EVT-07, EVT-09: a template is made, assigned, locked, taken back", async () => {
  const { act, org } = await scene("teams", 5);
  const ada = await org.add("ada");
  const shows = "template { id name revision status assignedCount capacity values locks { section isLocked } }";
  const { template } = await act(
    "createEventTypeTemplate",
    {
      kind: "GROUP",
      slug: "demo",
      values: { name: "Demo", capacity: 8 },
      locks: [{ section: "BRANDING", isLocked: false }],
    },
    shows,
  );
  expect(template).toMatchObject({ name: "Demo", revision: 1, status: "ACTIVE", assignedCount: 0, capacity: 8 });
  expect(template.locks).toContainEqual({ section: "BRANDING", isLocked: false });
  const templateId = template.id;
  const assigned = await act(
    "assignEventTypeTemplate",
    { templateId, targets: { memberIds: [idOf(ada.id)] } },
    "template { assignedCount } assignedCount unchangedCount",
  );
  expect(assigned).toMatchObject({ template: { assignedCount: 1 }, assignedCount: 1, unchangedCount: 0 });
  const adas = await tokenOf(org, "MEMBER", ada.id);
  const { data } = await door.ask(adas, "{ eventTypes(first: 5) { nodes { id name kind lockedSections values } } }");
  const [copy] = data.eventTypes.nodes;
  expect(copy).toMatchObject({ name: "Demo", kind: "GROUP", values: { capacity: 8 } });
  const locked = await door.ask(
    adas,
    `mutation ($i: UpdateEventTypeInput!) { updateEventType(input: $i) { userErrors { code path facts } } }`,
    { i: { eventTypeId: copy.id, set: { name: "Mine" } } },
  );
  expect(locked.data.updateEventType.userErrors).toMatchObject([
    { code: "FIELD_LOCKED", path: ["input", "name"], facts: { section: "DETAILS" } },
  ]);
  const own = await door.ask(
    adas,
    `mutation ($i: UpdateEventTypeInput!) { updateEventType(input: $i) { eventType { overriddenSections values } userErrors { code } } }`,
    { i: { eventTypeId: copy.id, set: { color: "#00FF00" } } },
  );
  expect(own.data.updateEventType.eventType).toMatchObject({
    overriddenSections: ["BRANDING"],
    values: { color: "#00ff00" },
  });

  const stale = await act("updateEventTypeTemplate", { templateId, expectedRevision: 7, set: { durationMinutes: 45 } });
  expect(stale.userErrors).toMatchObject([{ code: "STALE_REVISION", facts: { revision: 1 } }]);
  const changed = await act(
    "updateEventTypeTemplate",
    { templateId, expectedRevision: 1, set: { durationMinutes: 45 } },
    shows,
  );
  expect(changed.template).toMatchObject({ revision: 2, values: { durationMinutes: 45 } });
  expect((await act("revertEventTypeTemplate", { templateId, toRevision: 1 }, shows)).template).toMatchObject({
    revision: 3,
    values: { durationMinutes: 30 },
  });
  expect(
    (await act("unassignEventTypeTemplate", { templateId, targets: { memberIds: [idOf(ada.id)] } }, shows)).template
      .assignedCount,
  ).toBe(0);
  expect((await act("archiveEventTypeTemplate", { templateId }, shows)).template.status).toBe("ARCHIVED");
  expect((await act("createEventTypeTemplate", { kind: "GROUP", slug: "x", values: [1] })).userErrors).toMatchObject([
    { code: "INVALID", path: ["input", "values"] },
  ]);
});

test("SEC-03: a token is shown once, works at once, dies when it is revoked, and has no more than its maker", async () => {
  const { act, org, answer } = await scene();
  const made = await act(
    "createToken",
    { name: "tool", role: "ADMIN", validDays: 7 },
    "secret token { id name role expiresAt member { id } }",
  );
  expect(made.secret).toMatch(/^plm_[0-9a-z]{26}_/);
  expect(made.token).toMatchObject({ name: "tool", role: "ADMIN", member: { id: idOf(org.ownerId) } });
  expect((await door.ask(made.secret, "{ viewer { token { name } } }")).data.viewer.token.name).toBe("tool");
  const higher = await door.ask(
    made.secret,
    `mutation { createToken(input: { name: "up", role: OWNER }) { secret userErrors { code } } }`,
  );
  expect(higher.errors[0]?.extensions.code).toBe("FORBIDDEN");
  expect((await act("revokeToken", { tokenId: made.token.id }, "token { revokedAt }")).token.revokedAt).toMatch(/Z$/);
  expect((await door.ask(made.secret, "{ viewer { permissions } }")).status).toBe(401);
  const twice = await answer("createToken", { name: "tool", role: "ADMIN" }, "secret");
  expect(twice.data.it.secret).not.toBe(made.secret);
});

test("ORG-08, ORG-09: provisioning needs the plan, then single sign-on", async () => {
  const teams = await scene("teams");
  expect((await teams.act("createScimToken", { name: "idp" })).userErrors).toMatchObject([
    { code: "ENTITLEMENT_REQUIRED", facts: { feature: "sso" } },
  ]);
  const enterprise = await scene("enterprise");
  expect((await enterprise.act("createScimToken", { name: "idp" })).userErrors).toMatchObject([
    { code: "SSO_REQUIRED_FIRST" },
  ]);
  expect((await enterprise.act("importConnection", { metadataXml: "<x/>" })).userErrors).toMatchObject([
    { code: "INVALID" },
  ]);
});

test("REL-10: the same key and input act once, whoever is first; another input is refused", async () => {
  const { act, answer, org, token } = await scene("teams", 10);
  const input = { invitees: [{ email: org.email("a") }], idempotencyKey: "k1" };
  const first = await answer("inviteMembers", input, "members { id email }");
  const again = await answer("inviteMembers", input, "members { id email }");
  expect(first.headers["idempotent-replayed"]).toBe(undefined);
  expect(again.headers["idempotent-replayed"]).toBe("true");
  expect(again.data.it.members).toEqual(first.data.it.members);
  const other = await act("inviteMembers", { ...input, invitees: [{ email: org.email("b") }] });
  expect(other.userErrors).toMatchObject([{ code: "IDEMPOTENCY_KEY_REUSED" }]);

  const raced = { planCode: "recording", quantity: 2, billingMode: "MONTHLY", idempotencyKey: "k2" };
  const answers = await Promise.all(
    Array.from({ length: 8 }, () => act("createSubscription", raced, "subscription { id }")),
  );
  expect(new Set(answers.map((it) => it.subscription.id)).size).toBe(1);
  const { data } = await door.ask(token, "{ subscriptions(first: 10) { totalCount } seatSummary { reserved } }");
  expect(data).toEqual({ subscriptions: { totalCount: 2 }, seatSummary: { reserved: 1 } });
});

test("REL-10, GQL-14: the key may stand in a header, for each mutation of the request by its own", async () => {
  const { org, token } = await scene("teams", 10);
  const query = `mutation ($a: InviteMembersInput!, $b: InviteMembersInput!) {
    one: inviteMembers(input: $a) { members { id } userErrors { code path } }
    two: inviteMembers(input: $b) { members { id } userErrors { code path } }
  }`;
  const variables = { a: { invitees: [{ email: org.email("a") }] }, b: { invitees: [{ email: org.email("b") }] } };
  const ask = (key: string) => door.ask(token, query, variables, { "idempotency-key": key });

  const [first, again] = [await ask("one and two"), await ask("one and two")];

  expect(first.data.one.members[0].id).not.toBe(first.data.two.members[0].id);
  expect(again.data).toEqual(first.data);
  expect([first.headers["idempotent-replayed"], again.headers["idempotent-replayed"]]).toEqual([undefined, "true"]);
  const other = await ask("another");
  expect(other.data.one.userErrors).toMatchObject([{ code: "ALREADY_MEMBER" }]);
  const long = await ask("k".repeat(260));
  expect(long.data.one.userErrors).toMatchObject([{ code: "INVALID", path: ["input", "idempotencyKey"] }]);
});

test("REL-10: a refusal is not kept: the same key may be used when the reason is gone", async () => {
  const { act, org, token } = await scene("teams", 1);
  const input = { invitees: [{ email: org.email("a") }], idempotencyKey: "later" };
  expect((await act("inviteMembers", input)).userErrors).toMatchObject([{ code: "SEATS_EXHAUSTED" }]);
  const { data } = await door.ask(token, "{ subscriptions(first: 1) { nodes { id } } }");
  await act("changeSubscriptionQuantity", { subscriptionId: data.subscriptions.nodes[0].id, quantity: 2 });
  expect((await act("inviteMembers", input, "members { email }")).members).toEqual([{ email: org.email("a") }]);
});

test("INV-02, SUB-18: thirty invitations at once for four free seats: four get one, the others are told so", async () => {
  const { answer, org, token } = await scene("teams", 5);
  const answers = await Promise.all(
    Array.from({ length: 30 }, (_, i) =>
      answer("inviteMembers", { invitees: [{ email: org.email(`p${i}`) }] }, "members { id }"),
    ),
  );
  const invited = answers.filter(({ data }) => data.it.members !== null);
  const codes = answers.flatMap(({ data }) => data.it.userErrors.map((e: { code: string }) => e.code));
  expect(invited.length).toBe(4);
  expect(codes).toEqual(Array(26).fill("SEATS_EXHAUSTED"));
  const { data } = await door.ask(
    token,
    "{ seatSummary { used available reserved } members(first: 1) { totalCount } }",
  );
  expect(data).toEqual({ seatSummary: { used: 5, available: 0, reserved: 4 }, members: { totalCount: 5 } });
});

test("decision 8, SEC-50: what the caller may not do is a top-level error, rolled back and in the audit log", async () => {
  const { org } = await scene();
  const ada = await org.add("ada");
  const adas = await tokenOf(org, "MEMBER", ada.id);
  const query = `mutation { updateOrganization(input: { name: "Mine" }) { organization { name } userErrors { code } } }`;
  const { data, errors, status } = await door.ask(adas, query);
  expect([data, status, errors[0]?.extensions]).toMatchObject([
    null,
    200,
    { code: "FORBIDDEN", facts: { permission: "organization:write" } },
  ]);
  const entries = await org.run((tx) => listEntries(tx, { first: 5 }));
  expect(entries[0]).toMatchObject({
    action: "access.deny",
    result: "DENIED",
    facts: { permission: "organization:write" },
  });
});

test("ruling 8: several mutations of one request run in their order, each by itself", async () => {
  const { token } = await scene();
  const query = `mutation { a: updateOrganization(input: { name: "One" }) { organization { version } userErrors { code } } b: updateOrganization(input: { name: "" }) { organization { name } userErrors { code path } } c: updateOrganization(input: { currency: "USD" }) { organization { name currency version } userErrors { code } } }`;
  const { data } = await door.ask(token, query);
  expect(data).toEqual({
    a: { organization: { version: "2" }, userErrors: [] },
    b: { organization: null, userErrors: [{ code: "INVALID", path: ["input", "name"] }] },
    c: { organization: { name: "One", currency: "USD", version: "3" }, userErrors: [] },
  });
});
