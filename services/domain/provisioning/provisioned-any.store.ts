import type { GroupId, MemberId } from "../../kernel/ids";
import { shapedStatement } from "../../platform/shaped-statement";
import { sql } from "../../platform/sql";
import type { Tx } from "../../platform/unit-of-work";

/** A list over members and groups, compiled by a door: `$1` is the organization, both conditions are over `m`. */
export interface AnyQuery {
  readonly members: string;
  readonly groups: string;
  readonly memberSort: string;
  readonly groupSort: string;
  /** Over the columns `sort`, `created_at` and `id`. */
  readonly orderBy: string;
  readonly values: readonly unknown[];
  readonly limit: number;
  readonly offset: number;
}

export type AnyId =
  { readonly kind: "MEMBER"; readonly id: MemberId } | { readonly kind: "GROUP"; readonly id: GroupId };

/** The ids of one page, and how many there are in all. */
export async function pageOfAny(tx: Tx, query: AnyQuery): Promise<{ ids: AnyId[]; total: number }> {
  const { members, groups, memberSort, groupSort, orderBy } = query;
  const shape = [members, groups, memberSort, groupSort, orderBy].join("|");
  const page = shapedStatement("provisioned-any", shape, () => textOf(query));
  const row = await sql(tx).one<{ ids: AnyId[]; total: number }>(page, [
    tx.orgId,
    ...query.values,
    query.limit,
    query.offset,
  ]);
  return row;
}

function textOf({ members, groups, memberSort, groupSort, orderBy, values }: AnyQuery): string {
  const n = values.length;
  return `with everything as (
      select 'MEMBER' as kind, m.id, m.created_at, ${memberSort} as sort from member m
      where m.org_id = $1 and m.status <> 'REMOVED' and ${members}
      union all
      select 'GROUP', m.id, m.created_at, ${groupSort} from member_group m
      where m.org_id = $1 and m.deleted_at is null and ${groups}
    ), page as (
      select kind, id, row_number() over (order by ${orderBy}) as n from everything
      order by n limit $${n + 2} offset $${n + 3}
    )
    select coalesce((select jsonb_agg(jsonb_build_object('kind', kind, 'id', id) order by n) from page), '[]') as ids,
      (select count(*)::integer from everything) as total`;
}
