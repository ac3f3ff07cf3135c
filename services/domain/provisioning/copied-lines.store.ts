import type { ProvisioningEntryId } from "../../kernel/ids";
import { sql, statement } from "../../platform/sql";
import type { Tx } from "../../platform/unit-of-work";
import type { RequestEntry } from "./entries.store";

const page = statement(
  "copied-lines",
  `select e.id from provisioning_entry e where e.org_id = $1 and ($2::uuid is null or e.id > $2) order by e.id limit 500`,
);
const unknown = statement(
  "copied-lines-unknown",
  `select x.id from unnest($2::uuid[]) x (id)
   where not exists (select from provisioning_entry e where e.org_id = $1 and e.id = x.id) order by x.id`,
);
const one = statement(
  "copied-line",
  `select e.id, e.at, e.connection_id as "connectionId", e.token_id as "tokenId", e.token_name as "tokenName", e.method,
     e.path, e.status, e.scim_type as "scimType", e.detail, e.coercions, e.warnings, e.diff as changed,
     case when e.resource_kind is not null then jsonb_build_object('kind', e.resource_kind, 'id', e.resource_id) end
       as resource,
     e.seat_effect as "seatEffect", e.duration_ms as "durationMs", e.user_agent as "userAgent",
     e.request_id as "requestId", e.request_enc as sealed
   from provisioning_entry e where e.org_id = $1 and e.id = $2`,
);

/** A line of the log as it stands in a copy. */
export interface CopiedLine extends Omit<RequestEntry, "requestSealed"> {
  readonly id: ProvisioningEntryId;
  readonly at: Date;
  readonly sealed: Buffer | null;
}

/** The next lines of the running organization, which is a copy. */
export async function linesOfCopy(tx: Tx, after: ProvisioningEntryId | null): Promise<ProvisioningEntryId[]> {
  return (await sql(tx).many<{ id: ProvisioningEntryId }>(page, [tx.orgId, after])).map((row) => row.id);
}

/** Those of some lines that the log of the running organization does not have. */
export async function unknownLines(tx: Tx, ids: readonly ProvisioningEntryId[]): Promise<ProvisioningEntryId[]> {
  return (await sql(tx).many<{ id: ProvisioningEntryId }>(unknown, [tx.orgId, ids])).map((row) => row.id);
}

export async function findCopiedLine(tx: Tx, id: ProvisioningEntryId): Promise<CopiedLine> {
  return sql(tx).one<CopiedLine>(one, [tx.orgId, id]);
}
