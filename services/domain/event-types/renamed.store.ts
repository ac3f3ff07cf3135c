import type { EventTypeId } from "../../kernel/ids";
import { sql, statement } from "../../platform/sql";
import type { Tx } from "../../platform/unit-of-work";

export interface RenamedEventType {
  readonly name: string;
  readonly oldSlug: string;
  readonly newSlug: string;
  /** Null: the member has no address to write to. */
  readonly email: string | null;
}

const find = statement(
  "event-type-renamed",
  `select e.name, p.old_slug as "oldSlug", e.slug as "newSlug", m.login_email as email
   from event_type e
   join member m on m.org_id = e.org_id and m.id = e.member_id and m.status in ('INVITED', 'ACTIVE')
   join path_redirect p on p.org_id = e.org_id and p.event_type_id = e.id
   where e.org_id = $1 and e.id = $2 order by p.created_at desc limit 1`,
);

export async function findRenamed(tx: Tx, id: EventTypeId): Promise<RenamedEventType | undefined> {
  return sql(tx).maybe<RenamedEventType>(find, [tx.orgId, id]);
}
