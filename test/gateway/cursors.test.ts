import fc from "fast-check";
import { Cursors } from "../../services/domain/reading";
import { newId, type OrgId } from "../../services/kernel/ids";
import { PlenumError } from "../../services/kernel/errors";
import { addMember } from "../../services/domain/members";
import { buildOrg, testClock, type TestOrg } from "../support/world";
import { GraphqlDoor, tokenOf } from "./support/door";

const orders = ["CREATED_AT_ASC", "CREATED_AT_DESC", "NAME_ASC", "NAME_DESC"] as const;

interface Page {
  readonly nodes: readonly { readonly id: string }[];
  readonly pageInfo: {
    hasNextPage: boolean;
    hasPreviousPage: boolean;
    startCursor: string | null;
    endCursor: string | null;
  };
}

/** Reads a list to its end, page by page. */
async function wholeList(
  door: GraphqlDoor,
  token: string,
  order: string,
  size: number,
  backward: boolean,
  between: () => Promise<void> = () => Promise.resolve(),
): Promise<string[]> {
  const [count, bound] = backward ? ["last", "before"] : ["first", "after"];
  const query = `query ($n: Int, $at: String, $o: MemberOrder) { members(${count}: $n, ${bound}: $at, orderBy: $o) { nodes { id } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }`;
  const seen: string[] = [];
  for (let at: string | null = null, more = true; more;) {
    const { data, errors } = await door.ask(token, query, { n: size, at, o: order });
    expect(errors).toEqual([]);
    const { nodes, pageInfo } = data.members as Page;
    const ids = nodes.map(({ id }) => id);
    if (backward) seen.unshift(...ids);
    else seen.push(...ids);
    more = backward ? pageInfo.hasPreviousPage : pageInfo.hasNextPage;
    at = backward ? pageInfo.startCursor : pageInfo.endCursor;
    await between();
  }
  return seen;
}

/** Members of which many have the same instant of creation, and many the same name. */
async function crowd(door: GraphqlDoor, count: number): Promise<TestOrg> {
  const org = await buildOrg(door.db, { seats: 100 });
  await org.run(async (tx) => {
    for (let i = 0; i < count; i++) {
      const profile = { userName: org.email(`u${i}`), displayName: `Name ${i % 3}` };
      await addMember(tx, { profile, origin: "OPERATOR" });
    }
  }, org.operator);
  return org;
}

test("GQL-11: pages put together are the whole list, in every order, size and direction, with equal times and names", async () => {
  const door = await GraphqlDoor.open({ clock: testClock() });
  const org = await crowd(door, 17);
  const token = await tokenOf(org, "OWNER");
  const whole = new Map<string, string[]>();
  for (const order of orders) whole.set(order, await wholeList(door, token, order, 100, false));
  expect(new Set(whole.get("NAME_ASC")).size).toBe(18);
  expect(whole.get("NAME_DESC")).toEqual([...(whole.get("NAME_ASC") ?? [])].reverse());
  expect(whole.get("CREATED_AT_DESC")).toEqual([...(whole.get("CREATED_AT_ASC") ?? [])].reverse());

  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...orders),
      fc.integer({ min: 1, max: 20 }),
      fc.boolean(),
      async (order, size, backward) => {
        expect(await wholeList(door, token, order, size, backward)).toEqual(whole.get(order));
      },
    ),
    { numRuns: 25, seed: 1 },
  );
}, 120_000);

test("GQL-11: who joins while somebody reads neither hides nor repeats anybody who was there", async () => {
  const clock = testClock();
  const door = await GraphqlDoor.open({ clock });
  const org = await crowd(door, 9);
  const token = await tokenOf(org, "OWNER");
  const before = await wholeList(door, token, "CREATED_AT_ASC", 100, false);
  let joined = 0;
  const join = async () => {
    if (joined >= 6) return;
    joined += 1;
    clock.advanceMs(joined % 2);
    await org.add(`late${joined}`);
  };
  for (const order of orders) {
    const seen = await wholeList(door, token, order, 2, false, join);
    expect(new Set(seen).size).toBe(seen.length);
    expect(before.filter((id) => !seen.includes(id))).toEqual([]);
  }
}, 60_000);

test("GQL-11: milliseconds are kept, so that a page begins right behind its cursor", async () => {
  const clock = testClock("2026-04-06T08:00:00.001Z");
  const door = await GraphqlDoor.open({ clock });
  const org = await buildOrg(door.db, { seats: 10 });
  for (const name of ["a", "b", "c"]) {
    clock.advanceMs(1);
    await org.add(name);
  }
  const ids = await wholeList(door, await tokenOf(org, "OWNER"), "CREATED_AT_ASC", 1, false);
  expect(new Set(ids).size).toBe(4);
});

test("GQL-11: a cursor belongs to its list, its order and its organization", async () => {
  const door = await GraphqlDoor.open();
  const [org, other] = [await crowd(door, 3), await crowd(door, 3)];
  const [token, foreign] = [await tokenOf(org, "OWNER"), await tokenOf(other, "OWNER")];
  const cursorOf = async (t: string, list = "members(first: 1)") =>
    Object.values((await door.ask(t, `{ ${list} { pageInfo { endCursor } } }`)).data as Record<string, Page>)[0]
      ?.pageInfo.endCursor ?? "";
  const refusal = async (cursor: string, order: string) => {
    const query = `query ($c: String) { members(first: 1, after: $c, orderBy: ${order}) { nodes { id } } }`;
    const { errors } = await door.ask(token, query, { c: cursor });
    return errors.map(({ extensions: { code, facts } }) => `${code} ${String(facts?.["field"])}`);
  };
  const cursor = await cursorOf(token);
  expect(await refusal(cursor, "CREATED_AT_ASC")).toEqual([]);
  const refused = ["BAD_USER_INPUT after"];
  expect(await refusal(cursor, "CREATED_AT_DESC")).toEqual(refused);
  expect(await refusal(cursor, "NAME_ASC")).toEqual(refused);
  expect(await refusal(await cursorOf(foreign), "CREATED_AT_ASC")).toEqual(refused);
  expect(await refusal(await cursorOf(token, "subscriptions(first: 1)"), "CREATED_AT_ASC")).toEqual(refused);
  expect(await refusal(`${cursor.slice(0, -2)}AA`, "CREATED_AT_ASC")).toEqual(refused);
});

test("GQL-11: only what was written is read: any other text is refused", () => {
  const cursors = new Cursors(Buffer.alloc(32, 7));
  const orgId: OrgId = newId("organization");
  const id = newId("member");
  const written = cursors.write(orgId, "Member NAME_ASC", "ada", id);
  expect(cursors.read(orgId, "Member NAME_ASC", "after", written)).toEqual({ key: "ada", id });
  expect(() => new Cursors(Buffer.alloc(32, 8)).read(orgId, "Member NAME_ASC", "after", written)).toThrow(PlenumError);
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.base64String(),
        fc.nat(written.length - 1).map((i) => flip(written, i)),
      ),
      (text) => {
        expect(() => cursors.read(orgId, "Member NAME_ASC", "after", text)).toThrow("a cursor of this list");
      },
    ),
  );
});

function flip(text: string, at: number): string {
  const other = text[at] === "A" ? "B" : "A";
  // The last digit of base64 may hold bits that mean nothing.
  return at === text.length - 1 ? `${text}A` : text.slice(0, at) + other + text.slice(at + 1);
}
