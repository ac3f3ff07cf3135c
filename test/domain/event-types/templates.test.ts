import { publicId } from "../../../services/kernel/ids";
import {
  archiveTemplate,
  assignTemplate,
  fieldNames,
  fields,
  getTemplate,
  listRevisions,
  listTemplates,
  revertTemplate,
  sections,
  updateTemplate,
} from "../../../services/domain/event-types";
import { buildOrg, testWorld } from "../../support/world";
import { eventTypesOf, makeTemplate, refusal } from "./support";

const scene = async () => buildOrg(await testWorld(), { seats: 5 });

test("EVT-11, B7: every field stands in exactly one known section", () => {
  for (const name of fieldNames) expect(sections).toContain(fields[name].section);
  expect(new Set(fieldNames.map((name) => fields[name].section))).toEqual(new Set(sections));
});

test("EVT-02, EVT-04, EVT-05, EVT-08: a template of each kind, before anybody else has joined; others are refused", async () => {
  const org = await scene();
  const demo = await makeTemplate(org, "demo", { values: { durationMinutes: 45 } });
  expect(demo).toMatchObject({
    ...{ kind: "ONE_ON_ONE", slug: "demo", revision: 1, status: "ACTIVE", editedBy: org.ownerId },
    values: { name: "The demo", durationMinutes: 45, capacity: 1, noticeMinutes: 240 },
    locks: { DETAILS: "LOCKED", NOTIFICATIONS: "LOCKED", LOCATION: "UNLOCKED" },
  });
  const group = await makeTemplate(org, "class", { kind: "GROUP", values: { capacity: 12 } });
  expect(group.values.capacity).toBe(12);
  expect((await makeTemplate(org, "pair", { kind: "GROUP" })).values.capacity).toBe(2);
  const other = await refusal(makeTemplate(org, "robin", { kind: "ROUND_ROBIN" }));
  expect([other.code, other.facts]).toEqual([
    "invalid",
    { field: "kind", expected: "one of ONE_ON_ONE, GROUP", received: "ROUND_ROBIN" },
  ]);
});

test.each([
  [{ kind: "GROUP", values: { capacity: 1 } }, "capacity"],
  [{ kind: "ONE_ON_ONE", values: { capacity: 2 } }, "capacity"],
  [{ values: { durationMinutes: 4 } }, "durationMinutes"],
  [{ values: { durationMinutes: "30" } }, "durationMinutes"],
  [{ values: { name: "" } }, "name"],
  [{ values: { shape: "round" } }, "fields"],
  [{ values: { color: "red" } }, "color"],
  [{ values: { reminderMinutes: [60, 5, 5, 5, 5, 5] } }, "reminderMinutes"],
  [{ values: { locationKind: "MOON" } }, "locationKind"],
  [{ values: { questions: [{ label: "Size?", kind: "CHOICE" }] } }, "questions[0].choices"],
  [{ values: { questions: [{ label: "Name?", kind: "TEXT", choices: ["a"] }] } }, "questions[0].choices"],
  [{ values: { questions: [{ kind: "TEXT" }] } }, "questions[0].label"],
  [{ locks: { EVERYTHING: "LOCKED" } }, "locks"],
  [{ locks: { DETAILS: "OPEN" } }, "locks.DETAILS"],
])("EVT-11: %j is refused, naming the field", async (more, field) => {
  const refused = await refusal(makeTemplate(await scene(), "demo", more));
  expect([refused.code, refused.facts.field]).toEqual(["invalid", field]);
});

test("EVT-02: two templates in use do not share a path; an archived one gives its path back", async () => {
  const org = await scene();
  const first = await makeTemplate(org, "demo");
  const refused = await refusal(makeTemplate(org, "demo"));
  expect([refused.code, refused.facts]).toEqual(["duplicate", { field: "slug" }]);
  await org.run((tx) => archiveTemplate(tx, { id: first.id }));
  expect((await makeTemplate(org, "demo")).slug).toBe("demo");
});

test("EVT-03: one view of all templates, in order, by pages and by state, with how many members have each", async () => {
  const org = await scene();
  const made = [await makeTemplate(org, "one"), await makeTemplate(org, "two"), await makeTemplate(org, "three")];
  await org.run((tx) => archiveTemplate(tx, { id: made[1]?.id as (typeof made)[0]["id"] }));
  await org.add("anne");
  await org.run((tx) =>
    assignTemplate(tx, { templateId: made[2]?.id as (typeof made)[0]["id"], targets: { allCurrent: true } }),
  );
  const list = (page: Parameters<typeof listTemplates>[1]) =>
    org.run(async (tx) => (await listTemplates(tx, page)).map((t) => [t.slug, t.assigned]));
  expect(await list({ first: 10 })).toEqual([
    ["one", 0],
    ["two", 0],
    ["three", 2],
  ]);
  expect(await list({ first: 10, status: "ACTIVE" })).toEqual([
    ["one", 0],
    ["three", 2],
  ]);
  expect(await list({ first: 10, kind: "GROUP" })).toEqual([]);
  const [first] = await org.run((tx) => listTemplates(tx, { first: 1 }));
  expect(await list({ first: 1, ...(first ? { after: first } : {}) })).toEqual([["two", 0]]);
});

test("EVT-12, B8: a change names its fields; what it does not name stays, and a stale editor is told", async () => {
  const org = await scene();
  const demo = await makeTemplate(org, "demo", { values: { description: "Long", durationMinutes: 45 } });
  const change = (expectedRevision: number, more: object) =>
    org.run((tx) => updateTemplate(tx, { id: demo.id, expectedRevision, ...more }));
  const second = await change(1, { set: { durationMinutes: 60 } });
  expect(second).toMatchObject({ revision: 2, values: { description: "Long", durationMinutes: 60 } });
  const stale = await refusal(change(1, { set: { description: "Short" } }));
  expect([stale.code, stale.facts]).toEqual(["stale_revision", { revision: 2 }]);

  const cleared = await change(2, { set: {}, fields: ["durationMinutes"] });
  expect(cleared.values.durationMinutes).toBe(30);
  expect((await refusal(change(3, { set: { color: "#000000" }, fields: ["description"] }))).facts).toMatchObject({
    ...{ field: "fields", expected: "every field of the change, also color" },
  });
  expect((await change(3, { set: { durationMinutes: 30 } })).revision).toBe(3);
  expect(await org.run((tx) => getTemplate(tx, { id: demo.id }))).toMatchObject({ revision: 3, slug: "demo" });
});

test("EVT-12: of two editors at the same moment one wins, the other is told", async () => {
  const org = await scene();
  const demo = await makeTemplate(org, "demo");
  const edits = [35, 45, 60, 75, 90].map((durationMinutes, i) =>
    org.run((tx) =>
      updateTemplate(tx, { id: demo.id, expectedRevision: 1, set: { durationMinutes: durationMinutes + i } }),
    ),
  );
  const results = await Promise.allSettled(edits);
  expect(results.filter((r) => r.status === "fulfilled")).toHaveLength(1);
  expect((await org.run((tx) => getTemplate(tx, { id: demo.id }))).revision).toBe(2);
});

test("EVT-13: each change is a revision with author and difference; going back is one more, and nothing is rewritten", async () => {
  const org = await scene();
  const anne = await org.add("anne");
  const demo = await makeTemplate(org, "demo");
  await org.run(
    (tx) =>
      updateTemplate(tx, {
        ...{
          id: demo.id,
          expectedRevision: 1,
          set: { color: "#FF0000" },
          slug: "trial",
          locks: { BRANDING: "UNLOCKED" },
        },
      }),
    org.person(anne.id, "ADMIN"),
  );
  const back = await org.run((tx) => revertTemplate(tx, { id: demo.id, toRevision: 1, expectedRevision: 2 }));
  expect(back).toMatchObject({ revision: 3, slug: "demo", values: demo.values, locks: demo.locks });
  const revisions = await org.run((tx) => listRevisions(tx, { id: demo.id, first: 10 }));
  expect(revisions.map((r) => [r.revision, r.editedBy, r.slug])).toEqual([
    [3, org.ownerId, "demo"],
    [2, anne.id, "trial"],
    [1, org.ownerId, "demo"],
  ]);
  expect(revisions[1]?.diff).toEqual({
    slug: { from: "demo", to: "trial" },
    color: { from: "#1a5fb4", to: "#ff0000" },
    "lock:BRANDING": { from: "LOCKED", to: "UNLOCKED" },
  });
  expect((await refusal(org.run((tx) => revertTemplate(tx, { id: demo.id, toRevision: 9 })))).code).toBe("not_found");
});

test("EVT-15: archiving takes the copies out of offer and keeps them; an archived template is not edited", async () => {
  const org = await scene();
  const demo = await makeTemplate(org, "demo");
  await org.run((tx) => assignTemplate(tx, { templateId: demo.id, targets: { allCurrent: true, allFuture: true } }));
  await org.run((tx) => archiveTemplate(tx, { id: demo.id }));
  await org.run((tx) => archiveTemplate(tx, { id: demo.id }));
  expect(await eventTypesOf(org, org.ownerId)).toEqual([]);
  expect(await eventTypesOf(org, org.ownerId, true)).toMatchObject([{ slug: "demo", status: "ARCHIVED" }]);
  const work = org.run((tx) => updateTemplate(tx, { id: demo.id, expectedRevision: 1, set: { color: "#000000" } }));
  const refused = await refusal(work);
  expect([refused.code, refused.facts]).toEqual([
    "conflict",
    { template: publicId("eventTypeTemplate", demo.id), status: "ARCHIVED" },
  ]);
});

test("D5, NFR-01: a member makes no templates; another organization's is not found", async () => {
  const org = await scene();
  const other = await scene();
  const foreign = await makeTemplate(other, "demo");
  const anne = await org.add("anne");
  const asMember = org.run((tx) => archiveTemplate(tx, { id: foreign.id }), org.person(anne.id, "MEMBER"));
  expect((await refusal(asMember)).facts).toEqual({ permission: "event-type:write" });
  expect((await refusal(org.run((tx) => archiveTemplate(tx, { id: foreign.id })))).code).toBe("not_found");
  expect((await refusal(org.run((tx) => getTemplate(tx, { id: foreign.id })))).code).toBe("not_found");
  const assign = org.run((tx) => assignTemplate(tx, { templateId: foreign.id, targets: { allCurrent: true } }));
  expect((await refusal(assign)).code).toBe("not_found");
});
