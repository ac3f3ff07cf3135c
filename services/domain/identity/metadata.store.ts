import type { ConnectionId } from "../../kernel/ids";
import { sql, statement } from "../../platform/sql";
import type { Tx } from "../../platform/unit-of-work";

const due = statement(
  "metadata-due",
  `select id, metadata_url as url from identity_connection
   where org_id = $1 and deleted_at is null and metadata_url is not null
     and (metadata_due_at is null or metadata_due_at <= $2)
   order by metadata_due_at nulls first limit 10`,
);
const nextDue = statement(
  "metadata-next-due",
  `select min(coalesce(metadata_due_at, $2::timestamptz)) as "dueAt" from identity_connection
   where org_id = $1 and deleted_at is null and metadata_url is not null`,
);
const note = statement(
  "metadata-note",
  `update identity_connection
   set metadata_checked_at = $3, metadata_due_at = $4, metadata_failures = $5,
       metadata_valid_until = case when $5 = 0 then $6::timestamptz else metadata_valid_until end
   where org_id = $1 and id = $2`,
);

export interface DueMetadata {
  readonly id: ConnectionId;
  readonly url: string;
}

export async function listDueMetadata(tx: Tx): Promise<DueMetadata[]> {
  return sql(tx).many<DueMetadata>(due, [tx.orgId, tx.now]);
}

/** When the next metadata is due, or nothing where no connection has an address for it. */
export async function nextMetadataDue(tx: Tx): Promise<Date | null> {
  return (await sql(tx).one<{ dueAt: Date | null }>(nextDue, [tx.orgId, tx.now])).dueAt;
}

/** Notes a fetch, without a new version of the connection: what it trusts has not changed by looking. */
export async function noteFetch(
  tx: Tx,
  id: ConnectionId,
  fetched: { readonly dueAt: Date; readonly failures: number; readonly validUntil: Date | null },
): Promise<void> {
  const { dueAt, failures, validUntil } = fetched;
  await sql(tx).exec(note, [tx.orgId, id, tx.now, dueAt, failures, validUntil]);
}
