import type { PreviewId } from "../../kernel/ids";
import { massStatement, sql, statement } from "../../platform/sql";
import type { Tx } from "../../platform/unit-of-work";
import { copiedTables } from "./shadow-tables";

// One statement, so that all tables are read at one instant.
const snapshot = massStatement(
  "shadow-snapshot",
  copiedTables
    .map(
      ({ name, rows = "true", instead }) =>
        `select '${name}' as name, (to_jsonb(t) || jsonb_build_object('org_id', $2::uuid${instead ? `, ${instead}` : ""}))::text as row
         from ${name} t where t.org_id = $1 and (${rows})`,
    )
    .join("\nunion all\n"),
);
const fills = new Map(
  copiedTables.map(({ name }) => [
    name,
    statement(
      `shadow-fill-${name}`,
      `insert into ${name} select r.* from jsonb_populate_recordset(null::${name}, $2::jsonb) r where r.org_id = $1`,
    ),
  ]),
);
const countMembers = statement(
  "shadow-count-members",
  `select count(*)::integer as members from member where org_id = $1 and status <> 'REMOVED'`,
);
// Two workers may have come to erase it: one waits here, and then finds nothing.
const isThere = statement("shadow-is-there", `select kind from organization where org_id = $1 for update`);
const erase = statement("shadow-erase", `select erase_shadow_organization()`);

const rowsAtOnce = 2_000;

/** The rows of the copy, by table; as text, because JSON in JavaScript would round amounts. */
export type Snapshot = ReadonlyMap<string, readonly string[]>;

export async function liveMembers(tx: Tx): Promise<number> {
  return (await sql(tx).one<{ members: number }>(countMembers, [tx.orgId])).members;
}

/** What the organization is at this instant, rewritten for its copy. */
export async function takeSnapshot(tx: Tx, copy: PreviewId): Promise<Snapshot> {
  const byTable = new Map<string, string[]>(copiedTables.map(({ name }) => [name, []]));
  for (const { name, row } of await sql(tx).many<{ name: string; row: string }>(snapshot, [tx.orgId, copy])) {
    byTable.get(name)?.push(row);
  }
  return byTable;
}

/** Writes the copy, inside it. */
export async function writeSnapshot(tx: Tx, rowsOf: Snapshot): Promise<void> {
  for (const [name, fill] of fills) {
    const rows = rowsOf.get(name) ?? [];
    for (let i = 0; i < rows.length; i += rowsAtOnce) {
      await sql(tx).exec(fill, [tx.orgId, `[${rows.slice(i, i + rowsAtOnce).join(",")}]`]);
    }
  }
}

/** Erases the running organization, which is a copy; nothing to do where it is gone already. */
export async function eraseShadow(tx: Tx): Promise<void> {
  if (await sql(tx).maybe<{ kind: string }>(isThere, [tx.orgId])) await sql(tx).exec(erase);
}
