import { addGroup, addToGroup } from "../../../services/domain/groups";
import { addMember, changeMember, inviteMembers, removeMember } from "../../../services/domain/members";
import {
  archiveTemplate,
  assignTemplate,
  onMemberChanged,
  onTemplateAssigned,
  previewAssignment,
  unassignTemplate,
  type Assignment,
  type EventTypeTemplate,
} from "../../../services/domain/event-types";
import type { MemberId } from "../../../services/kernel/ids";
import { listMails } from "../../../services/platform/lobby";
import { sql, statement } from "../../../services/platform/sql";
import { buildOrg, testClock, testWorld, type TestOrg } from "../../support/world";
import { deliverAll, eventTypesOf, makeTemplate, ownEventType, refusal } from "./support";

const scene = async (seats = 9) => buildOrg(await testWorld(), { seats });

const assign = (org: TestOrg, t: EventTypeTemplate, more: Omit<Assignment, "templateId">) =>
  org.run((tx) => assignTemplate(tx, { templateId: t.id, ...more }));
const slugs = async (org: TestOrg, id: MemberId) => (await eventTypesOf(org, id)).map((e) => [e.slug, e.status]);
const redirects = statement(
  "test-redirects",
  `select old_slug as "oldSlug", event_type_id as "eventTypeId" from path_redirect where org_id = $1 and member_id = $2`,
);

test("EVT-05, EVT-07: all current members get it, twice is once, who comes later does not", async () => {
  const org = await scene();
  const anne = await org.add("anne");
  const demo = await makeTemplate(org, "demo");
  const first = await assign(org, demo, { targets: { allCurrent: true } });
  expect([...first.assigned].sort()).toEqual([org.ownerId, anne.id].sort());
  expect(await assign(org, demo, { targets: { allCurrent: true } })).toEqual({
    ...{ assigned: [], unchanged: 2, renamed: 0, skipped: [] },
  });
  const bea = await org.add("bea");
  await deliverAll(org);
  expect(await slugs(org, bea.id)).toEqual([]);
  expect((await assign(org, demo, { targets: { allCurrent: true } })).assigned).toEqual([bea.id]);
});

test("EVT-05, EVT-07: whoever arrives by any door gets what is for all future members, whoever is there does not", async () => {
  const org = await scene();
  const anne = await org.add("anne");
  const demo = await makeTemplate(org, "demo");
  await assign(org, demo, { targets: { allFuture: true } });
  await deliverAll(org);
  expect(await slugs(org, anne.id)).toEqual([]);
  for (const origin of ["SCIM", "SAML", "IMPORT", "OPERATOR"] as const) {
    const profile = { userName: org.email(origin) };
    const { member } = await org.run((tx) => addMember(tx, { profile, origin }), org.operator);
    await deliverAll(org);
    expect([origin, await slugs(org, member.id)]).toEqual([origin, [["demo", "ACTIVE"]]]);
  }
  const [invited] = await org.run((tx) => inviteMembers(tx, { invitees: [{ email: "guest@elsewhere.test" }] }));
  await deliverAll(org);
  expect(await slugs(org, invited?.id as MemberId)).toEqual([["demo", "HIDDEN"]]);
});

test("EVT-07: the same event delivered again, late or twice, gives nothing twice and brings nothing back", async () => {
  const org = await scene();
  const demo = await makeTemplate(org, "demo");
  await assign(org, demo, { targets: { allFuture: true } });
  const anne = await org.add("anne");
  const deliver = () =>
    org.run((tx) => onMemberChanged(tx, { event: { name: "member.added", memberId: anne.id } }), org.system);
  await Promise.all([deliver(), deliver(), deliver()]);
  expect(await slugs(org, anne.id)).toEqual([["demo", "ACTIVE"]]);
  await org.run((tx) => unassignTemplate(tx, { templateId: demo.id, targets: { memberIds: [anne.id] } }));
  await deliver();
  expect(await slugs(org, anne.id)).toEqual([]);
});

test("EVT-07: who arrives while the assignment is being written is overlooked by neither side", async () => {
  const clock = testClock();
  const org = await buildOrg(await testWorld({ clock }), { seats: 5 });
  const demo = await makeTemplate(org, "demo");
  // The newcomer began first and commits last: the assignment does not see them, their event comes before its commit.
  await assign(org, demo, { targets: { allCurrent: true, allFuture: true } });
  clock.advanceMs(-10);
  const anne = await org.add("anne");
  clock.advanceMs(20);
  await org.run((tx) => onMemberChanged(tx, { event: { name: "member.added", memberId: anne.id } }), org.system);
  expect(await slugs(org, anne.id)).toEqual([]);
  await org.run((tx) => onTemplateAssigned(tx, { event: { templateId: demo.id } }), org.system);
  expect(await slugs(org, anne.id)).toEqual([["demo", "ACTIVE"]]);
});

test("EVT-07: a group's members get it, those of groups inside it too, and who joins the group later", async () => {
  const org = await scene();
  const [anne, bea, carl] = [await org.add("anne"), await org.add("bea"), await org.add("carl")];
  const group = (displayName: string, children: { kind: "MEMBER" | "GROUP"; id: string }[]) =>
    org.run((tx) => addGroup(tx, { displayName, children: children as never }));
  const inner = await group("inner", [{ kind: "MEMBER", id: anne.id }]);
  const outer = await group("outer", [
    { kind: "MEMBER", id: bea.id },
    { kind: "GROUP", id: inner.group.id },
  ]);
  const demo = await makeTemplate(org, "demo");
  const result = await assign(org, demo, { targets: { groupIds: [outer.group.id] } });
  expect([...result.assigned].sort()).toEqual([anne.id, bea.id].sort());
  await org.run((tx) => addToGroup(tx, { id: inner.group.id, children: [{ kind: "MEMBER", id: carl.id }] }));
  await deliverAll(org);
  expect(await slugs(org, carl.id)).toEqual([["demo", "ACTIVE"]]);
});

test("EVT-07: ten thousand members in one statement, and within the time of a request", async () => {
  const texts: string[] = [];
  const org = await buildOrg(await testWorld({ observe: (text) => texts.push(text) }), { seats: 1 });
  const many = statement(
    "test-many-members",
    `insert into member (org_id, id, status, role, origin, user_name, user_name_key, created_at, updated_at)
     select $1, gen_random_uuid(), 'ACTIVE', 'MEMBER', 'IMPORT', 'm' || n, 'm' || n, $2, $2
     from generate_series(1, 10000) n`,
  );
  await org.run((tx) => sql(tx).exec(many, [tx.orgId, tx.now]), org.system);
  const demo = await makeTemplate(org, "demo");
  texts.length = 0;
  const began = performance.now();
  const result = await assign(org, demo, { targets: { allCurrent: true } });
  const tookMs = performance.now() - began;
  expect(result.assigned).toHaveLength(10_001);
  expect(texts.filter((text) => text.includes("insert into event_type (")).length).toBe(1);
  expect(tookMs).toBeLessThan(4_000);
  const gone = await org.run((tx) => unassignTemplate(tx, { templateId: demo.id, targets: { allCurrent: true } }));
  expect(gone).toHaveLength(10_001);
}, 60_000);

test("EVT-14: RENAME keeps the member's own event type under another path, leads the old one to it and tells them", async () => {
  const org = await scene();
  const anne = await org.add("anne");
  const own = await ownEventType(org, anne.id, "demo");
  await ownEventType(org, anne.id, "demo-1");
  const demo = await makeTemplate(org, "demo");
  const preview = await org.run((tx) => previewAssignment(tx, { templateId: demo.id, targets: { allCurrent: true } }));
  expect(preview).toEqual({
    ...{ members: 2, assigned: 0, clashes: 1, firstClashes: [{ memberId: anne.id, eventTypeId: own }] },
  });
  const result = await assign(org, demo, { targets: { allCurrent: true }, onSlugClash: "RENAME_EXISTING_AND_NOTIFY" });
  expect(result).toMatchObject({ renamed: 1, skipped: [] });
  expect(await slugs(org, anne.id)).toEqual([
    ["demo-2", "ACTIVE"],
    ["demo-1", "ACTIVE"],
    ["demo", "ACTIVE"],
  ]);
  expect(await org.run((tx) => sql(tx).many(redirects, [tx.orgId, anne.id]))).toEqual([
    { oldSlug: "demo", eventTypeId: own },
  ]);
  await deliverAll(org);
  await deliverAll(org);
  const mails = (await listMails(org.db, 1000)).filter(
    (mail) => mail.to === org.email("anne") && /demo-2/.test(mail.text),
  );
  expect(mails.map((mail) => mail.subject)).toEqual(["The link of your event “My demo” has changed"]);
});

test("EVT-14: SUFFIX_MANAGED gives the managed one another path, SKIP leaves the member out and says so", async () => {
  const org = await scene();
  const [anne, bea] = [await org.add("anne"), await org.add("bea")];
  const demo = await makeTemplate(org, "demo");
  await ownEventType(org, anne.id, "demo");
  const own = await ownEventType(org, bea.id, "demo");
  await assign(org, demo, { targets: { memberIds: [anne.id] }, onSlugClash: "SUFFIX_MANAGED" });
  expect(await slugs(org, anne.id)).toEqual([
    ["demo", "ACTIVE"],
    ["demo-1", "ACTIVE"],
  ]);
  const skipped = await assign(org, demo, { targets: { memberIds: [bea.id] }, onSlugClash: "SKIP" });
  expect(skipped).toEqual({
    assigned: [],
    unchanged: 0,
    renamed: 0,
    skipped: [{ memberId: bea.id, eventTypeId: own }],
  });
  expect(await slugs(org, bea.id)).toEqual([["demo", "ACTIVE"]]);
  const unknown = await refusal(assign(org, demo, { targets: { allCurrent: true }, onSlugClash: "DELETE" }));
  expect(unknown.facts).toMatchObject({ field: "onSlugClash", received: "DELETE" });
});

test("EVT-15: taking it back leaves the member's own event types alone and frees the path; giving it again revives it", async () => {
  const org = await scene();
  const anne = await org.add("anne");
  await ownEventType(org, anne.id, "mine");
  const demo = await makeTemplate(org, "demo");
  await assign(org, demo, { targets: { allCurrent: true } });
  const taken = await org.run((tx) => unassignTemplate(tx, { templateId: demo.id, targets: { memberIds: [anne.id] } }));
  expect(taken).toEqual([anne.id]);
  expect(await slugs(org, anne.id)).toEqual([["mine", "ACTIVE"]]);
  expect(await slugs(org, org.ownerId)).toEqual([["demo", "ACTIVE"]]);
  const archived = await eventTypesOf(org, anne.id, true);
  expect(archived.map((e) => [e.slug, e.status])).toContainEqual(["demo", "ARCHIVED"]);

  expect((await assign(org, demo, { targets: { memberIds: [anne.id] } })).assigned).toEqual([anne.id]);
  const revived = (await eventTypesOf(org, anne.id)).find((e) => e.slug === "demo");
  expect(revived?.id).toBe(archived.find((e) => e.slug === "demo")?.id);
});

test("EVT-15: taking back ALL_FUTURE ends the promise, not what members have", async () => {
  const org = await scene();
  const demo = await makeTemplate(org, "demo");
  await assign(org, demo, { targets: { allFuture: true } });
  const anne = await org.add("anne");
  await deliverAll(org);
  const nobody = await org.run((tx) => unassignTemplate(tx, { templateId: demo.id, targets: { allFuture: true } }));
  expect(nobody).toEqual([]);
  const bea = await org.add("bea");
  await deliverAll(org);
  expect([await slugs(org, anne.id), await slugs(org, bea.id)]).toEqual([[["demo", "ACTIVE"]], []]);
});

test("EVT-19: a suspended member's event types are hidden, a reactivated one's shown again, a removed one's hidden", async () => {
  const org = await scene();
  const anne = await org.add("anne");
  const demo = await makeTemplate(org, "demo");
  await assign(org, demo, { targets: { memberIds: [anne.id] } });
  const change = async (kind: "suspend" | "activate") => {
    await org.run((tx) => changeMember(tx, { id: anne.id, changes: [{ kind }] }));
    await deliverAll(org);
  };
  await change("suspend");
  expect(await slugs(org, anne.id)).toEqual([["demo", "HIDDEN"]]);
  await change("activate");
  expect(await slugs(org, anne.id)).toEqual([["demo", "ACTIVE"]]);
  await org.run((tx) => removeMember(tx, { id: anne.id }));
  await deliverAll(org);
  expect(await slugs(org, anne.id)).toEqual([["demo", "HIDDEN"]]);
  const gone = await refusal(assign(org, demo, { targets: { memberIds: [anne.id] } }));
  expect([gone.code, gone.facts]).toEqual(["not_found", { what: "member" }]);
});

test("EVT-07: an assignment without targets, or of an archived template, is refused", async () => {
  const org = await scene();
  const demo = await makeTemplate(org, "demo");
  expect((await refusal(assign(org, demo, { targets: {} }))).facts).toMatchObject({ field: "targets" });
  await org.run((tx) => archiveTemplate(tx, { id: demo.id }));
  expect((await refusal(assign(org, demo, { targets: { allCurrent: true } }))).code).toBe("conflict");
});

test("EVT-07, EVT-14: ten administrators who assign at once give each member one copy", async () => {
  const org = await scene();
  const members = [org.ownerId, (await org.add("anne")).id, (await org.add("bea")).id];
  const demo = await makeTemplate(org, "demo");
  const results = await Promise.all(
    Array.from({ length: 10 }, () => assign(org, demo, { targets: { allCurrent: true } })),
  );
  expect(results.flatMap((r) => r.assigned).sort()).toEqual([...members].sort());
  for (const id of members) expect(await slugs(org, id)).toEqual([["demo", "ACTIVE"]]);
});
