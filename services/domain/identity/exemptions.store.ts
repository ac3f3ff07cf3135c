import type { MemberId, OrgId } from "../../kernel/ids";
import { sql, statement } from "../../platform/sql";
import type { Tx } from "../../platform/unit-of-work";

export type ExemptionKind = "BREAK_GLASS" | "PERSON" | "GUESTS" | "API_TOKENS";

export interface Exemption {
  readonly kind: ExemptionKind;
  /** The member; the organization itself for the two switches. */
  readonly subjectId: string;
  readonly createdAt: Date;
}

const list = statement(
  "exemption-list",
  `select kind, subject_id as "subjectId", created_at as "createdAt" from sso_exemption
   where org_id = $1 order by kind, created_at, subject_id limit 1000`,
);
const add = statement(
  "exemption-add",
  `insert into sso_exemption (org_id, kind, subject_id, created_at) values ($1, $2, $3, $4) on conflict do nothing`,
);
const remove = statement(
  "exemption-remove",
  `delete from sso_exemption where org_id = $1 and kind = $2 and subject_id = $3`,
);
const takePlace = statement(
  "break-glass-take",
  `update organization set break_glass_owners = break_glass_owners + 1
   where org_id = $1 and break_glass_owners < $2`,
);
const freePlaces = statement(
  "break-glass-free",
  `update organization set break_glass_owners = break_glass_owners - $2 where org_id = $1`,
);
const dropStale = statement(
  "break-glass-drop-stale",
  `delete from sso_exemption x
   where x.org_id = $1 and x.kind = 'BREAK_GLASS' and not exists (
     select 1 from member m where m.org_id = $1 and m.id = x.subject_id and m.status = 'ACTIVE' and m.role = 'OWNER')`,
);

export async function listExemptionRows(tx: Tx): Promise<Exemption[]> {
  return sql(tx).many<Exemption>(list, [tx.orgId]);
}

/** False when it is listed already. */
export async function insertExemption(tx: Tx, kind: ExemptionKind, subjectId: MemberId | OrgId): Promise<boolean> {
  return (await sql(tx).exec(add, [tx.orgId, kind, subjectId, tx.now])) === 1;
}

/** False when it was not listed. */
export async function deleteExemption(tx: Tx, kind: ExemptionKind, subjectId: MemberId | OrgId): Promise<boolean> {
  return (await sql(tx).exec(remove, [tx.orgId, kind, subjectId])) === 1;
}

/** Takes one of the few places for break-glass owners, or answers false (ruling 8). */
export async function takeBreakGlassPlace(tx: Tx, max: number): Promise<boolean> {
  return (await sql(tx).exec(takePlace, [tx.orgId, max])) === 1;
}

export async function freeBreakGlassPlaces(tx: Tx, count: number): Promise<void> {
  if (count > 0) await sql(tx).exec(freePlaces, [tx.orgId, count]);
}

/** Takes those off the list who are no active owners any more. */
export async function dropStaleBreakGlass(tx: Tx): Promise<void> {
  await freeBreakGlassPlaces(tx, await sql(tx).exec(dropStale, [tx.orgId]));
}
