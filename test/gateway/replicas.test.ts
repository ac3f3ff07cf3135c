import { setTimeout as sleep } from "node:timers/promises";
import { isInputObjectType } from "graphql";
import fc from "fast-check";
import { plenumSchema } from "../../services/gateway/schema/build";
import { asSuperuser } from "../support/identity";
import { startServers, type Server } from "../support/servers";
import { buildOrg } from "../support/world";
import { GraphqlDoor, tokenOf, type Data } from "./support/door";
import { mutationScene, otherKeys, type MutationScene } from "./support/mutation-scene";
import { documentOf, inputs, mutationNames } from "./support/mutation-table";

// Two processes on one database, as a balancer sees them.
let door: GraphqlDoor;
let servers: Server[];

beforeAll(async () => {
  door = await GraphqlDoor.open();
  servers = await startServers(2, { PLENUM_DOORS: "gateway" });
}, 60_000);

interface Sent {
  readonly token: string;
  readonly name: string;
  readonly input: object;
}

interface Told {
  readonly payload: NonNullable<Data>[string];
  readonly replayed: boolean;
}

async function send(n: number, { token, name, input }: Sent, signal?: AbortSignal): Promise<Told> {
  const reply = await fetch(`${servers[n % servers.length]!.base}/graphql`, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer ${token}` },
    body: JSON.stringify({ query: documentOf(name), variables: { input } }),
    ...(signal ? { signal } : {}),
  });
  const { data, errors } = (await reply.json()) as { data?: Data; errors?: { extensions: { code: string } }[] };
  // A fast machine spends the token's budget; whoever is told to wait, waits and sends the same again.
  if (errors?.[0]?.extensions.code === "RATE_LIMITED") {
    await sleep(Number(reply.headers.get("retry-after")) * 1_000);
    return send(n, { token, name, input }, signal);
  }
  expect(errors).toBe(undefined);
  return { payload: data[name], replayed: reply.headers.get("idempotent-replayed") === "true" };
}

const withKey = mutationNames.filter((name) => {
  const type = plenumSchema().getType(`${name[0]!.toUpperCase()}${name.slice(1)}Input`);
  return isInputObjectType(type) && "idempotencyKey" in type.getFields();
});

/** How often anything was written about in an organization. */
async function traces({ org }: MutationScene): Promise<object> {
  const [row] = await asSuperuser<object>(
    `select (select count(*) from audit_entry where org_id = $1)::integer as entries,
            (select count(*) from domain_event where org_id = $1)::integer as events,
            (select count(*) from idempotency_key where org_id = $1)::integer as keys`,
    [org.orgId],
  );
  return row!;
}

test("REL-10: the mutations that take a key are those of the schema", () => {
  expect(withKey.length).toBeGreaterThan(8);
});

test.each(withKey)(
  "REL-10, REL-11: %s sent ten times at once to two replicas is done once, and answers ten times alike",
  async (name) => {
    const [once, often] = [await mutationScene(door), await mutationScene(door)];
    const keyed = async ({ ids }: MutationScene) => ({ ...inputs[name]!(ids, await otherKeys()), idempotencyKey: "k" });
    const alone = await send(0, { token: once.token, name, input: await keyed(once) });
    expect([alone.replayed, alone.payload.userErrors]).toEqual([false, []]);

    const sent = { token: often.token, name, input: await keyed(often) };
    const answers = await Promise.all(Array.from({ length: 10 }, (_, n) => send(n, sent)));

    expect(answers.filter(({ replayed }) => !replayed).length).toBe(1);
    for (const { payload } of answers) expect(payload).toEqual(answers[0]!.payload);
    expect(answers[0]!.payload.userErrors).toEqual([]);
    expect(await traces(often)).toEqual(await traces(once));
  },
);

test("REL-10: whatever the order and the replica, each key acts once and answers always the same", async () => {
  const org = await buildOrg(door.db, { seats: 200 });
  const token = await tokenOf(org, "OWNER");
  let round = 0;
  const schedule = fc.array(fc.record({ key: fc.nat(5), replica: fc.nat(1) }), { minLength: 6, maxLength: 18 });
  await fc.assert(
    fc.asyncProperty(schedule, async (requests) => {
      const run = ++round;
      const answers = await Promise.all(
        requests.map(async ({ key, replica }) => {
          const invitees = [{ email: org.email(`p${run}-${key}`) }];
          const input = { invitees, idempotencyKey: `${run} ${key}` };
          return { key, ...(await send(replica, { token, name: "inviteMembers", input })) };
        }),
      );
      for (const key of new Set(requests.map((request) => request.key))) {
        const same = answers.filter((answer) => answer.key === key);
        expect(same.filter(({ replayed }) => !replayed).length).toBe(1);
        for (const { payload } of same) expect(payload).toEqual(same[0]!.payload);
      }
      const [invited] = await asSuperuser<{ n: number }>(
        "select count(*)::integer as n from member where org_id = $1 and user_name like $2",
        [org.orgId, `p${run}-%`],
      );
      expect(invited!.n).toBe(new Set(requests.map(({ key }) => key)).size);
    }),
    { numRuns: 12, seed: 20261122 },
  );
}, 120_000);

test("REL-11: of one key with two inputs at once, one input is done and the other refused by name", async () => {
  const { token, org } = await mutationScene(door);
  const of = (name: string) => ({ invitees: [{ email: org.email(name) }], idempotencyKey: "shared" });
  const answers = await Promise.all(
    Array.from({ length: 8 }, (_, n) => send(n, { token, name: "inviteMembers", input: of(n % 4 < 2 ? "x" : "y") })),
  );
  const refused = answers.filter(({ payload }) => payload.members === null);
  expect(refused.length).toBe(4);
  expect(refused.flatMap(({ payload }) => payload.userErrors.map((e: { code: string }) => e.code))).toEqual(
    Array(4).fill("IDEMPOTENCY_KEY_REUSED"),
  );
  expect(answers.filter(({ replayed }) => replayed).length).toBe(3);
});

test("REL-11: who hung up before the answer asks again, elsewhere, and learns what was done", async () => {
  const { token, org } = await mutationScene(door);
  const input = { invitees: [{ email: org.email("late") }], idempotencyKey: "hung up" };
  const hangUp = new AbortController();
  const first = send(0, { token, name: "inviteMembers", input }, hangUp.signal).catch(() => "hung up" as const);
  setTimeout(() => hangUp.abort(), 5);
  const again = await Promise.all([1, 0, 1].map((n) => send(n, { token, name: "inviteMembers", input })));
  await first;

  const shown = again.map(({ payload }) => payload.members.map((m: { email: string }) => m.email));
  expect(shown).toEqual(Array(3).fill([org.email("late")]));
  const [row] = await asSuperuser<{ n: number }>(
    "select count(*)::integer as n from member where org_id = $1 and user_name = $2",
    [org.orgId, org.email("late")],
  );
  expect(row!.n).toBe(1);
});

test("REL-11: what was refused before it ran is not kept: the same key does it when it is right", async () => {
  const { token, org } = await mutationScene(door);
  const act = async (n: number, email: string) =>
    (await send(n, { token, name: "inviteMembers", input: { invitees: [{ email }], idempotencyKey: "again" } }))
      .payload;

  expect((await act(0, "nobody")).userErrors).toMatchObject([{ code: "INVALID" }]);
  expect((await act(1, org.email("good"))).members).toMatchObject([{ email: org.email("good") }]);
});
