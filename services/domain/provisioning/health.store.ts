import type { ConnectionId } from "../../kernel/ids";
import { sql, statement } from "../../platform/sql";
import type { Tx } from "../../platform/unit-of-work";

// Read from the log: writes, and whatever was refused. A look-up that succeeded leaves only the time of its token.
const totals = statement(
  "health-totals",
  `select count(*)::integer as requests, count(*) filter (where status >= 400)::integer as failures,
     max(at) filter (where status < 400) as "lastSuccessAt", max(at) filter (where status >= 400) as "lastFailureAt",
     percentile_disc(0.5) within group (order by duration_ms) as "medianMs",
     percentile_disc(0.95) within group (order by duration_ms) as "p95Ms"
   from provisioning_entry where org_id = $1 and connection_id = $2 and at >= $3 and replay_of is null`,
);
const errors = statement(
  "health-errors",
  `select status, scim_type as "scimType", method, count(*)::integer as count, max(at) as "lastAt",
     (array_agg(detail order by at desc))[1] as detail, (array_agg(id order by at desc))[1] as "entryId"
   from provisioning_entry
   where org_id = $1 and connection_id = $2 and at >= $3 and replay_of is null and status >= 400
   group by status, scim_type, method
   order by count desc, "lastAt" desc limit 20`,
);
const clients = statement(
  "health-clients",
  `select user_agent as "userAgent", count(*)::integer as requests, max(at) as "lastAt"
   from provisioning_entry
   where org_id = $1 and connection_id = $2 and at >= $3 and replay_of is null and user_agent is not null
   group by user_agent order by "lastAt" desc limit 5`,
);
const connection = statement(
  "health-connection",
  `select c.scim_state as "scimState", c.name,
     greatest(c.last_seen_at,
              (select max(t.last_used_at) from scim_token t where t.org_id = $1 and t.connection_id = c.id))
       as "lastRequestAt",
     (select min(t.expires_at) from scim_token t
      where t.org_id = $1 and t.connection_id = c.id and t.revoked_at is null and t.kind = 'STATIC'
        and t.expires_at > now()) as "tokenExpiresAt"
   from identity_connection c where c.org_id = $1 and c.id = $2 and c.deleted_at is null`,
);

export interface HealthTotals {
  readonly requests: number;
  readonly failures: number;
  readonly lastSuccessAt: Date | null;
  readonly lastFailureAt: Date | null;
  readonly medianMs: number | null;
  readonly p95Ms: number | null;
}

export interface DistinctError {
  readonly status: number;
  readonly scimType: string | null;
  readonly method: string;
  readonly count: number;
  readonly lastAt: Date;
  /** Of the newest of them. */
  readonly detail: string | null;
  readonly entryId: string;
}

export interface SeenClient {
  readonly userAgent: string;
  readonly requests: number;
  readonly lastAt: Date;
}

export interface ConnectionSigns {
  readonly scimState: "OFF" | "PREVIEW" | "ON" | "PAUSED";
  readonly name: string;
  /** To within five minutes: the time of a token is not written with every request. */
  readonly lastRequestAt: Date | null;
  readonly tokenExpiresAt: Date | null;
}

export async function signsOf(tx: Tx, id: ConnectionId): Promise<ConnectionSigns | undefined> {
  return sql(tx).maybe<ConnectionSigns>(connection, [tx.orgId, id]);
}

export async function totalsSince(tx: Tx, id: ConnectionId, since: Date): Promise<HealthTotals> {
  return sql(tx).one<HealthTotals>(totals, [tx.orgId, id, since]);
}

export async function errorsSince(tx: Tx, id: ConnectionId, since: Date): Promise<DistinctError[]> {
  return sql(tx).many<DistinctError>(errors, [tx.orgId, id, since]);
}

export async function clientsSince(tx: Tx, id: ConnectionId, since: Date): Promise<SeenClient[]> {
  return sql(tx).many<SeenClient>(clients, [tx.orgId, id, since]);
}
