import type { ConnectionId, MemberId } from "../../kernel/ids";
import { sql, statement } from "../../platform/sql";
import type { Tx } from "../../platform/unit-of-work";

/** About whom something is asked that few members have. */
export interface DetailsAsked {
  readonly managers: readonly MemberId[];
  readonly waiting: readonly MemberId[];
  readonly connections: readonly ConnectionId[];
  readonly accepted: readonly MemberId[];
}

export interface Details {
  /** Names by id; only of live members. */
  readonly managers: Readonly<Record<string, string>>;
  readonly waiting: readonly string[];
  readonly connections: Readonly<Record<string, string>>;
  /** Those who accepted an invitation. */
  readonly accepted: readonly string[];
}

const find = statement(
  "provisioned-details",
  `select
     coalesce((select jsonb_object_agg(m.id, coalesce(m.display_name, m.user_name)) from member m
       where m.org_id = $1 and m.id = any ($2::uuid[]) and m.status <> 'REMOVED'), '{}') as managers,
     coalesce((select jsonb_agg(w.member_id) from seat_wait w
       where w.org_id = $1 and w.member_id = any ($3::uuid[])), '[]') as waiting,
     coalesce((select jsonb_object_agg(c.id, c.name) from identity_connection c
       where c.org_id = $1 and c.id = any ($4::uuid[])), '{}') as connections,
     coalesce((select jsonb_agg(distinct i.member_id) from invitation i
       where i.org_id = $1 and i.member_id = any ($5::uuid[]) and i.status = 'ACCEPTED'), '[]') as accepted`,
);

export async function findDetails(tx: Tx, asked: DetailsAsked): Promise<Details> {
  const { managers, waiting, connections, accepted } = asked;
  return sql(tx).one<Details>(find, [tx.orgId, managers, waiting, connections, accepted]);
}
