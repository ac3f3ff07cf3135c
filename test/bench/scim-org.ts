import { Client } from "pg";
import { publicId, readId, type MemberId } from "../../services/kernel/ids";
import type { Bench } from "./bench";
import { median, round, type BenchResult } from "./compare";
import { load, type Side } from "./load";
import { seedMembers } from "./seed";

/** An organization with a SCIM connection, as an identity provider and as a floor knows it. */
export interface Provisioned {
  readonly orgId: string;
  readonly baseUrl: string;
  readonly token: string;
  readonly connection: string;
}

/** Makes one, with so many members in seats. */
export async function provision(bench: Bench, slug: string, members: number): Promise<Provisioned> {
  const org = await bench.command<{ id: string }>([
    ...["org", "create", "--name", "Bench", "--slug", slug, "--owner-email", `owner@${slug}.test`],
    ...["--plan", "teams", "--seats", "500000"],
  ]);
  const scim = await bench.command<{ token: string; baseUrl: string; connectionId: string }>([
    ...["scim-token", "create", "--org", slug],
  ]);
  await bench.command(["domain", "add", "--org", slug, "--domain", `new.${slug}.test`]);
  const orgId = readId(org.id)?.id ?? "";
  await seedMembers(bench, orgId, members);
  return {
    orgId,
    baseUrl: new URL(scim.baseUrl).pathname,
    token: scim.token,
    connection: readId(scim.connectionId)?.id ?? "",
  };
}

/** What identity providers send; a floor finds the connection by a header of its own. */
export const headersOf = (it: Provisioned): Readonly<Record<string, string>> => ({
  authorization: `Bearer ${it.token}`,
  "content-type": "application/scim+json",
  accept: "application/scim+json",
  "x-connection": it.connection,
});

/** Our server for SCIM; the limit of 50 requests a second per connection would be what is measured. */
export async function scimServer(bench: Bench): Promise<{ port: number; pid: number }> {
  return bench.plenum({ PLENUM_DOORS: "scim", PLENUM_SCIM_RATE: "1000000" });
}

export const side = (at: { port: number; pid: number }, status: number, next: Side["next"]): Side => ({
  port: at.port,
  pids: [at.pid],
  status,
  next,
});

/** The seeded members, in the order of their user names. */
export async function memberIds(bench: Bench, { orgId }: Provisioned): Promise<readonly MemberId[]> {
  const rows = await asSuperuser<{ id: MemberId }>(
    bench,
    "select id from member where org_id = $1 and user_name like 'user%' order by user_name",
    [orgId],
  );
  return rows.map(({ id }) => id);
}

/** A group of the first members, made by one statement; answers its public id. */
export async function seedGroup(bench: Bench, { orgId }: Provisioned, name: string, members: number): Promise<string> {
  const [group] = await asSuperuser<{ id: string }>(
    bench,
    `with made as (
       insert into member_group (org_id, id, display_name, name_key, member_count, created_at, updated_at)
       values ($1, gen_random_uuid(), $2, lower($2), $3, now(), now()) returning id
     ), edges as (
       insert into group_member (org_id, group_id, child_kind, child_id, added_at)
       select $1, made.id, 'MEMBER', m.id, now() from made,
         (select id from member where org_id = $1 and user_name like 'user%' order by user_name limit $3) m
     )
     select id from made`,
    [orgId, name, members],
  );
  await asSuperuser(bench, "analyze", []);
  return publicId("group", group?.id as Parameters<typeof publicId<"group">>[1]);
}

async function asSuperuser<R extends object>(bench: Bench, text: string, values: readonly unknown[]): Promise<R[]> {
  const client = new Client({ ...bench.postgres.superUrl });
  await client.connect();
  try {
    return (await client.query<R>(text, [...values])).rows;
  } finally {
    await client.end();
  }
}

/** Time of one request by time of another, one client, alternating: what grows with the organization. */
export async function growth(
  many: Side,
  few: Side,
  it: { readonly floorIs: string; readonly atMost: number; readonly seconds?: number },
): Promise<BenchResult> {
  const ratios: number[] = [];
  const [slow, fast]: [number[], number[]] = [[], []];
  const at: [number, number] = [0, 0];
  // The first round is for the caches of both.
  for (let n = 0; n < 6; n++) {
    const a = await load(many, { connections: 1, seconds: it.seconds ?? 2, from: at[0] });
    const b = await load(few, { connections: 1, seconds: it.seconds ?? 2, from: at[1] });
    at[0] += a.sent;
    at[1] += b.sent;
    if (n === 0) continue;
    slow.push(1000 / a.perSecond);
    fast.push(1000 / b.perSecond);
    ratios.push(b.perSecond / a.perSecond);
  }
  const ratio = median(ratios);
  return {
    ours: round(median(slow)),
    floor: round(median(fast)),
    ratio: round(ratio),
    unit: "ms per request",
    floorIs: it.floorIs,
    must: `≤ ${it.atMost}`,
    met: ratio <= it.atMost,
  };
}
