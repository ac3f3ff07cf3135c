import { sql, statement } from "../../platform/sql";
import type { Tx } from "../../platform/unit-of-work";
import type { AuditEntry, AuditHead, SealedEntry } from "./entry";

const entryColumns = `id, at, caller_kind as "callerKind", actor_id as "actorId", actor, action,
  target_kind as "targetKind", target_id as "targetId", result, facts, personal_digest as "personalDigest",
  request_id as "requestId"`;

const lockHead = statement(
  "audit-head-lock",
  `select seq, hash, feed_seq as "feedSeq", sealed_at as "sealedAt", signature from audit_head
   where org_id = $1 for update`,
);
const findHead = statement(
  "audit-head-find",
  `select seq, hash, feed_seq as "feedSeq", sealed_at as "sealedAt", signature from audit_head where org_id = $1`,
);
const putHead = statement(
  "audit-head-put",
  `insert into audit_head (org_id, seq, hash, feed_seq, sealed_at, signature) values ($1, $2, $3, $4, $5, $6)
   on conflict (org_id) do update set seq = excluded.seq, hash = excluded.hash, feed_seq = excluded.feed_seq,
     sealed_at = excluded.sealed_at, signature = excluded.signature`,
);
const unsealed = statement(
  "audit-unsealed",
  `select ${entryColumns} from audit_entry where org_id = $1 and seq is null order by at, id limit $2`,
);
// The span of times lets the planner leave out the partitions of other months.
const seal = statement(
  "audit-seal",
  `update audit_entry e set seq = s.seq, prev_hash = s.prev_hash, hash = s.hash
   from unnest($2::timestamptz[], $3::uuid[], $4::bigint[], $5::bytea[], $6::bytea[]) as s (at, id, seq, prev_hash, hash)
   where e.org_id = $1 and e.at = s.at and e.id = s.id and e.seq is null and e.at between $7 and $8`,
);
const numberEvents = statement(
  "audit-number-events",
  `with next as (
     select id, row_number() over (order by id) as n from (
       select id from domain_event where org_id = $1 and feed_seq is null order by id limit $3) unnumbered
   )
   update domain_event d set feed_seq = $2::bigint + next.n from next where d.org_id = $1 and d.id = next.id`,
);
const sealed = statement(
  "audit-sealed",
  `select ${entryColumns}, seq, prev_hash as "prevHash", hash from audit_entry
   where org_id = $1 and seq > $2 order by seq, at, id limit $3`,
);
const count = statement(
  "audit-count",
  `select count(*) filter (where seq is null)::integer as unsealed, count(seq)::integer as sealed
   from audit_entry where org_id = $1`,
);
const personal = statement(
  "audit-personal-of",
  `select entry_id as "entryId", salt, before, after from audit_personal
   where org_id = $1 and entry_id = any($2::uuid[])`,
);

export async function lockAuditHead(tx: Tx): Promise<AuditHead | undefined> {
  return sql(tx).maybe<AuditHead>(lockHead, [tx.orgId]);
}

export async function findAuditHead(tx: Tx): Promise<AuditHead | undefined> {
  return sql(tx).maybe<AuditHead>(findHead, [tx.orgId]);
}

export async function putAuditHead(tx: Tx, head: AuditHead): Promise<void> {
  await sql(tx).exec(putHead, [tx.orgId, head.seq, head.hash, head.feedSeq, head.sealedAt, head.signature]);
}

/** Entries that have no place in the chain yet, oldest first. */
export async function findUnsealed(tx: Tx, limit: number): Promise<AuditEntry[]> {
  return sql(tx).many<AuditEntry>(unsealed, [tx.orgId, limit]);
}

/** Gives entries their places; the only columns of the log that the application may write. */
export async function writeSeals(tx: Tx, entries: readonly SealedEntry[]): Promise<number> {
  const times = entries.map((e) => e.at);
  return sql(tx).exec(seal, [
    ...[tx.orgId, times, entries.map((e) => e.id), entries.map((e) => e.seq)],
    ...[entries.map((e) => e.prevHash), entries.map((e) => e.hash), times[0], times.at(-1)],
  ]);
}

/** Numbers the domain events that have none, after `last`; answers how many. */
export async function numberDomainEvents(tx: Tx, last: string, limit: number): Promise<number> {
  return sql(tx).exec(numberEvents, [tx.orgId, last, limit]);
}

/** Sealed entries after a place, in order. */
export async function findSealedAfter(tx: Tx, seq: string, limit: number): Promise<SealedEntry[]> {
  return sql(tx).many<SealedEntry>(sealed, [tx.orgId, seq, limit]);
}

export async function countEntries(tx: Tx): Promise<{ unsealed: number; sealed: number }> {
  return sql(tx).one<{ unsealed: number; sealed: number }>(count, [tx.orgId]);
}

export interface PersonalValues {
  readonly entryId: string;
  readonly salt: Buffer;
  readonly before: Readonly<Record<string, unknown>> | null;
  readonly after: Readonly<Record<string, unknown>> | null;
}

export async function findPersonalValues(tx: Tx, entryIds: readonly string[]): Promise<PersonalValues[]> {
  return sql(tx).many<PersonalValues>(personal, [tx.orgId, entryIds]);
}
