import type { ConnectionId } from "../../kernel/ids";
import { sql, statement } from "../../platform/sql";
import type { Tx } from "../../platform/unit-of-work";

export type ExpiringKind = "IDP_CERTIFICATE" | "SP_KEY" | "METADATA" | "SCIM_TOKEN";

/** Something whose time runs out, with the notices that were given. */
export interface Expiring {
  readonly kind: ExpiringKind;
  readonly subjectId: string;
  readonly connectionId: ConnectionId;
  readonly connection: string;
  /** What people call it: a certificate's subject, a key's use, a token's name. */
  readonly what: string;
  readonly expiresAt: Date;
  readonly sent: readonly string[];
}

// A notice belongs to one validity: a token made longer, or metadata that came again, is told of anew.
const sentOf = (subject: string, until: string) => `
  coalesce((select jsonb_agg(split_part(n.threshold, '@', 1)) from notice_sent n
            where n.org_id = $1 and n.subject_id = ${subject}
              and split_part(n.threshold, '@', 2) = extract(epoch from ${until})::bigint::text), '[]')`;

const list = statement(
  "expiring-list",
  `select 'IDP_CERTIFICATE' as kind, k.id as "subjectId", c.id as "connectionId", c.name as connection,
     k.subject as what, upper(k.valid) as "expiresAt", ${sentOf("k.id", "upper(k.valid)")} as sent
   from idp_certificate k join identity_connection c on c.org_id = k.org_id and c.id = k.connection_id
   where k.org_id = $1 and k.status = 'LIVE' and c.deleted_at is null and upper(k.valid) < $2
   union all
   select 'SP_KEY', k.id, c.id, c.name, k.use, upper(k.valid), ${sentOf("k.id", "upper(k.valid)")}
   from sp_key k join identity_connection c on c.org_id = k.org_id and c.id = k.connection_id
   where k.org_id = $1 and k.status in ('PUBLISHED', 'ACTIVE') and c.deleted_at is null and upper(k.valid) < $2
   union all
   select 'METADATA', c.id, c.id, c.name, c.name, c.metadata_valid_until, ${sentOf("c.id", "c.metadata_valid_until")}
   from identity_connection c
   where c.org_id = $1 and c.deleted_at is null and c.metadata_valid_until < $2
   union all
   select 'SCIM_TOKEN', t.id, c.id, c.name, t.name, t.expires_at, ${sentOf("t.id", "t.expires_at")}
   from scim_token t join identity_connection c on c.org_id = t.org_id and c.id = t.connection_id
   where t.org_id = $1 and t.kind = 'STATIC' and t.revoked_at is null and c.deleted_at is null and t.expires_at < $2
   order by "expiresAt", "subjectId" limit 500`,
);
const mark = statement(
  "notice-mark",
  `insert into notice_sent (org_id, subject_id, threshold, sent_at) values ($1, $2, $3, $4) on conflict do nothing`,
);
const hasConnections = statement(
  "connections-any",
  `select 1 from identity_connection where org_id = $1 and deleted_at is null limit 1`,
);

/** What expires before an instant, the soonest first. */
export async function listExpiring(tx: Tx, before: Date): Promise<Expiring[]> {
  return sql(tx).many<Expiring>(list, [tx.orgId, before]);
}

/** Notes a notice; false when it was given already. */
export async function markNotice(tx: Tx, subjectId: string, threshold: string): Promise<boolean> {
  return (await sql(tx).exec(mark, [tx.orgId, subjectId, threshold, tx.now])) === 1;
}

export async function hasLiveConnection(tx: Tx): Promise<boolean> {
  return (await sql(tx).maybe(hasConnections, [tx.orgId])) !== undefined;
}
