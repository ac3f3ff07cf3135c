import fc from "fast-check";
import { publicId, type EventTypeId, type MemberId } from "../../../services/kernel/ids";
import {
  assignTemplate,
  changeEventType,
  getEventType,
  listEventTypes,
  updateTemplate,
  type EventType,
  type EventTypeTemplate,
} from "../../../services/domain/event-types";
import { complete, effective } from "../../../services/domain/event-types/fields.rules";
import { fieldNames, fields, sections, type FieldValues } from "../../../services/domain/event-types/fields";
import type { Locks } from "../../../services/domain/event-types/template";
import { buildOrg, testWorld, type TestOrg } from "../../support/world";
import { eventTypesOf, makeTemplate, ownEventType, refusal } from "./support";

async function scene(locks: Record<string, string> = {}) {
  const org = await buildOrg(await testWorld(), { seats: 5 });
  const anne = await org.add("anne");
  const demo = await makeTemplate(org, "demo", { locks, values: { description: "A", locationText: "Room 1" } });
  await org.run((tx) => assignTemplate(tx, { templateId: demo.id, targets: { memberIds: [anne.id] } }));
  return { org, anne: anne.id, demo, copy: await only(org, anne.id) };
}

async function only(org: TestOrg, memberId: MemberId): Promise<EventType> {
  const [first, ...rest] = await eventTypesOf(org, memberId);
  if (!first || rest.length > 0) throw new Error("not exactly one event type");
  return first;
}

const edit = (org: TestOrg, t: EventTypeTemplate, expectedRevision: number, more: object) =>
  org.run((tx) => updateTemplate(tx, { id: t.id, expectedRevision, ...more }));
const override = (org: TestOrg, memberId: MemberId, id: EventTypeId, set: object, more: object = {}) =>
  org.run((tx) => changeEventType(tx, { id, set: { ...set }, ...more }), org.person(memberId, "MEMBER"));

test("EVT-09: a locked field is the template's, at once and for everybody; its assignee may not touch it", async () => {
  const { org, anne, demo, copy } = await scene();
  await edit(org, demo, 1, { set: { description: "B", name: "New name" } });
  expect((await only(org, anne)).values).toMatchObject({ description: "B", name: "New name" });
  const refused = await refusal(override(org, anne, copy.id, { description: "mine" }));
  expect([refused.code, refused.facts]).toEqual([
    "field_locked",
    { field: "description", section: "DETAILS", lock: "LOCKED", template: publicId("eventTypeTemplate", demo.id) },
  ]);
});

test("EVT-09: an unlocked field may differ; later changes of the template reach later assignees only", async () => {
  const { org, anne, demo, copy } = await scene();
  const mine = await override(org, anne, copy.id, { locationText: "My office" });
  expect(mine).toMatchObject({ overriddenSections: ["LOCATION"], version: "2", values: { locationText: "My office" } });
  await edit(org, demo, 1, { set: { locationText: "Room 2", locationKind: "IN_PERSON" } });
  expect((await only(org, anne)).values).toMatchObject({ locationText: "My office", locationKind: "NONE" });
  await org.run((tx) => assignTemplate(tx, { templateId: demo.id, targets: { memberIds: [org.ownerId] } }));
  expect((await only(org, org.ownerId)).values).toMatchObject({ locationText: "Room 2", locationKind: "IN_PERSON" });
});

test("EVT-10: locking puts the template's value in force; unlocking keeps it, and what was before does not come back", async () => {
  const { org, anne, demo, copy } = await scene();
  await override(org, anne, copy.id, { locationText: "My office" });
  await edit(org, demo, 1, { set: { locationText: "Room 2" }, locks: { LOCATION: "LOCKED" } });
  expect(await only(org, anne)).toMatchObject({ values: { locationText: "Room 2" }, overriddenSections: [] });
  await edit(org, demo, 2, { set: { locationText: "Room 3" }, locks: { LOCATION: "UNLOCKED" } });
  expect(await only(org, anne)).toMatchObject({ values: { locationText: "Room 2" }, overriddenSections: [] });
  await edit(org, demo, 3, { set: { locationText: "Room 4" } });
  expect((await only(org, anne)).values.locationText).toBe("Room 2");
});

test("EVT-11: a mask puts a field back, and a stale copy is not written over", async () => {
  const { org, anne, copy } = await scene();
  const mine = await override(org, anne, copy.id, { noticeMinutes: 60, horizonDays: 10 });
  const stale = await refusal(override(org, anne, copy.id, { horizonDays: 11 }, { ifVersion: "1" }));
  expect([stale.code, stale.facts]).toEqual(["stale_version", { version: mine.version }]);
  expect(mine.values).toMatchObject({ noticeMinutes: 60, horizonDays: 10 });
  const back = await override(org, anne, copy.id, {}, { fields: ["horizonDays"] });
  expect(back.values).toMatchObject({ noticeMinutes: 60, horizonDays: 60 });
});

test("EVT-04: a one-on-one does not become a group by its copy", async () => {
  const { org, anne, copy } = await scene({ DETAILS: "UNLOCKED" });
  const refused = await refusal(override(org, anne, copy.id, { capacity: 5 }));
  expect(refused.facts).toMatchObject({ field: "capacity", expected: "a whole number from 1 to 1" });
});

test("EVT-14: a new path leads the old one on; a path in use is refused, and so is one that is locked", async () => {
  const { org, anne, copy } = await scene();
  const locked = await refusal(override(org, anne, copy.id, {}, { slug: "talk" }));
  expect(locked.facts).toMatchObject({ field: "slug", section: "DETAILS" });
  const own = await ownEventType(org, anne, "mine");
  const taken = await refusal(override(org, anne, own, {}, { slug: "demo" }));
  expect([taken.code, taken.facts]).toEqual(["duplicate", { field: "slug" }]);
  expect(await override(org, anne, own, { name: "Talk" }, { slug: "talk" })).toMatchObject({
    ...{ slug: "talk", templateId: null, lockedSections: [], overriddenSections: [] },
    values: { name: "Talk", durationMinutes: 45 },
  });
});

test("EVT-01, D5: a member sees and changes their own; somebody else's are not theirs to see", async () => {
  const { org, anne, copy } = await scene();
  const asAnne = org.person(anne, "MEMBER");
  expect(await org.run((tx) => listEventTypes(tx, { first: 10 }), asAnne)).toMatchObject([{ slug: "demo" }]);
  const bea = await org.add("bea");
  const asBea = org.person(bea.id, "MEMBER");
  const list = await refusal(org.run((tx) => listEventTypes(tx, { memberId: anne, first: 10 }), asBea));
  expect([list.code, list.facts]).toEqual(["forbidden", { permission: "event-type:read" }]);
  expect((await refusal(org.run((tx) => getEventType(tx, { id: copy.id }), asBea))).code).toBe("not_found");
  expect((await refusal(override(org, bea.id, copy.id, { locationText: "x" }))).code).toBe("not_found");
  const byAdmin = org.run((tx) => changeEventType(tx, { id: copy.id, set: { locationText: "Hall" } }));
  expect((await byAdmin).values.locationText).toBe("Hall");
});

test("EVT-13: the copy shows who last edited the template, and when", async () => {
  const { org, anne, demo } = await scene();
  await org.run(
    (tx) => updateTemplate(tx, { id: demo.id, expectedRevision: 1, set: { color: "#000000" } }),
    org.person(anne, "ADMIN"),
  );
  const copy = await only(org, anne);
  expect(copy.templateEditedBy).toBe(anne);
  expect(copy.templateEditedAt?.getTime()).toBeGreaterThanOrEqual(copy.createdAt.getTime());
});

test("EVT-11: for every field and every lock, what is in force is the template's where locked, else the member's, else the assigned", () => {
  const values = (mark: string): FieldValues =>
    complete(Object.fromEntries(fieldNames.map((name) => [name, `${mark}:${name}`])));
  const some = fc.uniqueArray(fc.constantFrom(...fieldNames));
  const locks = fc.record(Object.fromEntries(sections.map((s) => [s, fc.constantFrom("LOCKED", "UNLOCKED")])));
  const only = (mark: string, names: readonly string[]) =>
    Object.fromEntries(names.map((name) => [name, `${mark}:${name}`])) as unknown as Partial<FieldValues>;
  fc.assert(
    fc.property(locks, some, some, (drawn, overridden, assigned) => {
      const lock = drawn as unknown as Locks;
      const inForce = effective({
        ...{ template: values("t"), locks: lock, overrides: only("o", overridden), base: only("b", assigned) },
      });
      for (const name of fieldNames) {
        const isLocked = lock[fields[name].section] === "LOCKED";
        const mark = isLocked ? "t" : overridden.includes(name) ? "o" : assigned.includes(name) ? "b" : "t";
        expect(inForce[name]).toBe(`${mark}:${name}`);
      }
    }),
  );
});
