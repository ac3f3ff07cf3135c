import { newId, type MemberId, type OrgId } from "../../services/kernel/ids";
import { sql, statement } from "../../services/platform/sql";
import { deliverEvents, readDeliverJob } from "../../services/worker/deliver-events";
import type { handlers } from "../../services/worker/handlers";
import { buildOrg, testWorld, type TestOrg } from "../support/world";

const events = statement(
  "test-events-named",
  `select id, request_id as "requestId" from domain_event where org_id = $1 and name = $2 order by id`,
);
const deliveries = statement(
  "test-deliveries",
  `select handler from event_delivery where org_id = $1 and event_id = $2 order by handler`,
);
const note = statement("test-note", `update organization set name = name || $2 where org_id = $1`);
const nameOf = statement("test-name", `select name from organization where org_id = $1`);

async function scene() {
  const org = await buildOrg(await testWorld());
  const anne = await org.add("anne");
  const [event] = (await list(org, "member.added")).slice(-1);
  if (!event) throw new Error("no event");
  await org.run((tx) =>
    sql(tx).exec(statement("test-reset", `update organization set name = '' where org_id = $1`), [tx.orgId]),
  );
  return { org, anne: anne.id, event };
}

const list = (org: TestOrg, name: string) =>
  org.run((tx) => sql(tx).many<{ id: string; requestId: string }>(events, [tx.orgId, name]), org.system);
const taken = async (org: TestOrg, id: string) =>
  (await org.run((tx) => sql(tx).many<{ handler: string }>(deliveries, [tx.orgId, id]), org.system)).map(
    (d) => d.handler,
  );
const written = async (org: TestOrg) =>
  (await org.run((tx) => sql(tx).one<{ name: string }>(nameOf, [tx.orgId]), org.system)).name;

/** Handlers that leave a letter in the organization's name; one of them may fail. */
function table(seen: unknown[], fails: () => boolean): typeof handlers {
  const handler = (letter: string, mayFail: boolean) => ({
    name: `test.${letter}`,
    handle: async (tx: Parameters<NonNullable<(typeof handlers)["member.added"]>[0]["handle"]>[0], input: unknown) => {
      seen.push([letter, tx.caller.kind, tx.caller.origin.requestId, input]);
      await sql(tx).exec(note, [tx.orgId, letter]);
      if (mayFail && fails()) throw new Error("not today");
    },
  });
  return { "member.added": [handler("a", false), handler("b", true), handler("c", false)] };
}

test("decision 14: each handler gets the event once, as the system, under the request that caused it", async () => {
  const { org, anne, event } = await scene();
  const seen: unknown[] = [];
  const job = { orgId: org.orgId, eventIds: [event.id] };
  await deliverEvents(
    org.db,
    job,
    table(seen, () => false),
  );
  await deliverEvents(
    org.db,
    job,
    table(seen, () => false),
  );
  const input = { event: { id: event.id, name: "member.added", memberId: anne } };
  expect(seen).toEqual(["a", "b", "c"].map((letter) => [letter, "system", event.requestId, input]));
  expect(await written(org)).toBe("abc");
});

test("decision 14: one that fails undoes itself only; tried again, it alone runs", async () => {
  const { org, event } = await scene();
  const seen: unknown[] = [];
  let broken = true;
  const job = { orgId: org.orgId, eventIds: [event.id] };
  const work = () =>
    deliverEvents(
      org.db,
      job,
      table(seen, () => broken),
    );
  await expect(work()).rejects.toThrow("1 handlers failed");
  expect([await written(org), await taken(org, event.id)]).toEqual(["ac", ["test.a", "test.c"]]);
  broken = false;
  await work();
  expect([await written(org), await taken(org, event.id)]).toEqual(["acb", ["test.a", "test.b", "test.c"]]);
});

test("REL-12: the same job in five workers at once has its effect once", async () => {
  const { org, event } = await scene();
  const seen: unknown[] = [];
  const job = { orgId: org.orgId, eventIds: [event.id] };
  await Promise.all(
    Array.from({ length: 5 }, () =>
      deliverEvents(
        org.db,
        job,
        table(seen, () => false),
      ),
    ),
  );
  expect((await written(org)).split("").sort()).toEqual(["a", "b", "c"]);
});

test("decision 14: an event that nobody listens to, or of another organization, moves nobody", async () => {
  const { org, event } = await scene();
  const { org: other } = await scene();
  const seen: unknown[] = [];
  const [seat] = await list(org, "seat.taken");
  await deliverEvents(
    org.db,
    { orgId: org.orgId, eventIds: [seat?.id ?? ""] },
    table(seen, () => false),
  );
  await deliverEvents(
    org.db,
    { orgId: other.orgId, eventIds: [event.id] },
    table(seen, () => false),
  );
  expect(seen).toEqual([]);
});

test.each([
  [null],
  [{}],
  [{ orgId: "x", eventIds: [] }],
  [{ orgId: newId("organization"), eventIds: "all" }],
  [{ orgId: newId("organization") as OrgId, eventIds: [1] }],
  [{ orgId: newId("member") as MemberId }],
])("decision 14: a job that is not ours is told, not guessed: %j", (payload) => {
  expect(() => readDeliverJob(payload)).toThrow("a delivery names");
});
