import { publicId } from "../../services/kernel/ids";
import { changeMember } from "../../services/domain/members";
import { eventNames } from "../../services/platform/events";
import { shownEvent } from "../../services/domain/reading";
import { seal } from "../domain/audit/support";
import { buildOrg, type TestOrg } from "../support/world";
import { GraphqlDoor, tokenOf } from "./support/door";

let door: GraphqlDoor;

beforeAll(async () => {
  door = await GraphqlDoor.open({ budget: { points: 1e9, restorePerSecond: 1e9 } });
});

interface Change {
  readonly eventId: string;
  readonly type: string;
  readonly at: string;
  readonly subjectIds: readonly string[];
}

const ask = `query ($after: String, $first: Int!, $types: [ChangeType!]) {
  changes(first: $first, after: $after, types: $types) {
    nodes { eventId type at subjectIds } pageInfo { endCursor hasNextPage }
  }
}`;

async function sealAll(org: TestOrg): Promise<void> {
  while ((await seal(org)).more);
}

/** Goes on behind a cursor until there is nothing more. */
async function follow(token: string, after: string | null, more: object = {}, first = 7) {
  const seen: Change[] = [];
  let cursor = after;
  for (;;) {
    const { data, errors } = await door.ask(token, ask, { after: cursor, first, ...more });
    expect(errors).toEqual([]);
    seen.push(...(data.changes.nodes as Change[]));
    cursor = (data.changes.pageInfo.endCursor as string | null) ?? cursor;
    if (!data.changes.pageInfo.hasNextPage) return { seen, cursor };
  }
}

test("GQL-20: the feed tells what happened to whom, in order, by types where some are asked for", async () => {
  const org = await buildOrg(door.db);
  const token = await tokenOf(org, "OWNER");
  await sealAll(org);
  const { cursor } = await follow(token, null);
  const ada = await org.add("ada");
  await org.run((tx) => changeMember(tx, { id: ada.id, changes: [{ kind: "suspend" }] }));

  expect((await follow(token, cursor)).seen).toEqual([]);
  await sealAll(org);
  const { seen } = await follow(token, cursor);

  const id = publicId("member", ada.id);
  const types = seen.map(({ type }) => type);
  expect(types.slice(0, 2).sort()).toEqual(["MEMBER_ADDED", "SEAT_TAKEN"]);
  expect(types).toContain("MEMBER_SUSPENDED");
  expect(seen.filter(({ subjectIds }) => !subjectIds.includes(id)).map(({ type }) => type)).toEqual([]);
  expect(new Set(seen.map(({ eventId }) => eventId)).size).toBe(seen.length);
  expect(seen[0]!.at).toMatch(/^\d{4}-.*\.\d{3}Z$/);
  const some = await follow(token, cursor, { types: ["MEMBER_SUSPENDED", "SEAT_RELEASED"] }, 1);
  expect(some.seen).toEqual(seen.filter(({ type }) => ["MEMBER_SUSPENDED", "SEAT_RELEASED"].includes(type)));
  expect(some.seen.length).toBe(2);
  const last = await door.ask(token, "{ changes(last: 1) { edges { cursor } nodes { eventId } } }");
  expect(last.data.changes.nodes).toEqual([{ eventId: seen.at(-1)!.eventId }]);
});

test("GQL-20: whoever follows while others write and the sealer runs sees everything once", async () => {
  const org = await buildOrg(door.db, { seats: 60 });
  const token = await tokenOf(org, "OWNER");
  const followed: Change[] = [];
  let cursor: string | null = null;
  let done = 0;

  const writers = Promise.all(
    Array.from({ length: 4 }, async (_, w) => {
      for (let i = 0; i < 10; i++) await org.add(`m${w}-${i}`);
    }),
  ).then(() => void (done += 1));
  while (done === 0) {
    await seal(org);
    const next: Awaited<ReturnType<typeof follow>> = await follow(token, cursor, {}, 3);
    followed.push(...next.seen);
    cursor = next.cursor;
  }
  await writers;
  await sealAll(org);
  followed.push(...(await follow(token, cursor)).seen);

  const whole = await follow(token, null, {}, 100);
  expect(followed).toEqual(whole.seen);
  expect(whole.seen.filter(({ type }) => type === "MEMBER_ADDED").length).toBe(41);
  expect(new Set(followed.map(({ eventId }) => eventId)).size).toBe(followed.length);
});

test("GQL-20, DB-44: the feed is for who reads the log, and each organization has its own", async () => {
  const org = await buildOrg(door.db);
  await sealAll(org);
  const member = await tokenOf(org, "MEMBER", (await org.add("bob")).id);
  const refused = await door.ask(member, ask, { first: 1 });
  expect(refused.errors.map((e) => e.extensions.facts)).toMatchObject([{ permission: "audit:read" }]);

  const other = await buildOrg(door.db);
  expect((await follow(await tokenOf(other, "OWNER"), null)).seen).toEqual([]);
});

test("GQL-20: every event has a name of its own at this door", () => {
  expect(new Set(eventNames.map(shownEvent)).size).toBe(eventNames.length);
});
