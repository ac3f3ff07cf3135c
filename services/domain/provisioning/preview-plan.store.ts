import type { GroupId, MemberId, PreviewId } from "../../kernel/ids";
import { massStatement, sql } from "../../platform/sql";
import type { Tx } from "../../platform/unit-of-work";

/** What a member is on one side. */
export interface MemberSide {
  readonly id: MemberId;
  readonly userName: string;
  readonly status: "INVITED" | "ACTIVE" | "SUSPENDED";
  readonly role: "OWNER" | "ADMIN" | "MEMBER";
  /** Code of the plan of the seat. */
  readonly plan: string | null;
  readonly waiting: boolean;
  readonly profile: Readonly<Record<string, unknown>>;
}

export interface GroupSide {
  readonly id: GroupId;
  readonly displayName: string;
  /** `MEMBER/uuid` or `GROUP/uuid`. */
  readonly children: readonly string[];
}

// Only what the provider has written in the preview: what others change here meanwhile is not the provider's.
const touched = massStatement(
  "preview-touched",
  `select e.resource_kind as kind, e.resource_id as id from provisioning_entry e
   where e.org_id = $1 and e.preview_id = $2 and e.status < 400 and e.resource_id is not null
   group by e.resource_kind, e.resource_id`,
);
const refusals = massStatement(
  "preview-refusals",
  `select e.status, e.scim_type as "scimType", e.method, count(*)::integer as count, max(e.at) as "lastAt",
     (array_agg(e.detail order by e.at desc))[1] as detail, (array_agg(e.id order by e.at desc))[1] as "entryId"
   from provisioning_entry e where e.org_id = $1 and e.preview_id = $2 and e.status >= 400
   group by e.status, e.scim_type, e.method order by count desc, "lastAt" desc limit 20`,
);
// What an identity provider sets and a person reads; what we keep beside it (times, versions, who signs in) is not it.
const profileColumns = [
  ...["formatted_name", "family_name", "given_name", "middle_name", "honorific_prefix", "honorific_suffix"],
  ...["display_name", "title", "preferred_language", "locale", "time_zone", "employee_number", "cost_center"],
  ...["organization_name", "division", "department", "manager_ref", "login_email", "scim_rest"],
];
const members = massStatement(
  "preview-members",
  `select m.id, m.user_name as "userName", m.status, m.role,
     (select s.plan_code from licence_assignment a
      join subscription s on s.org_id = a.org_id and s.id = a.subscription_id
      where a.org_id = $1 and a.member_id = m.id and a.kind = 'SERVICE' and a.ended_at is null) as plan,
     exists (select from seat_wait w where w.org_id = $1 and w.member_id = m.id) as waiting,
     jsonb_build_object(${profileColumns.map((name) => `'${name}', m.${name}`).join(", ")}, 'values',
       (select jsonb_agg(jsonb_build_array(v.attribute, v.type, v.value, v.is_primary) order by v.attribute, v.ordinal)
        from member_value v where v.org_id = $1 and v.member_id = m.id)) as profile
   from member m where m.org_id = $1 and m.id = any($2::uuid[]) and m.status <> 'REMOVED'`,
);
const groups = massStatement(
  "preview-groups",
  `select g.id, g.display_name as "displayName",
     coalesce((select array_agg(e.child_kind || '/' || e.child_id) from group_member e
               where e.org_id = $1 and e.group_id = g.id), '{}') as children
   from member_group g where g.org_id = $1 and g.id = any($2::uuid[]) and g.deleted_at is null`,
);

export interface Touched {
  readonly members: readonly MemberId[];
  readonly groups: readonly GroupId[];
}

/** What the requests of a preview have named or made. */
export async function touchedBy(tx: Tx, id: PreviewId): Promise<Touched> {
  const rows = await sql(tx).many<{ kind: string; id: string }>(touched, [tx.orgId, id]);
  const of = (kind: string) => rows.filter((row) => row.kind === kind).map((row) => row.id);
  return { members: of("member") as MemberId[], groups: of("group") as GroupId[] };
}

export interface PreviewRefusal {
  readonly status: number;
  readonly scimType: string | null;
  readonly method: string;
  readonly count: number;
  readonly lastAt: Date;
  readonly detail: string | null;
  readonly entryId: string;
}

export async function refusalsOf(tx: Tx, id: PreviewId): Promise<PreviewRefusal[]> {
  return sql(tx).many<PreviewRefusal>(refusals, [tx.orgId, id]);
}

/** These members and groups as the running organization has them: the real one, or the copy. */
export async function sideOf(
  tx: Tx,
  touched: Touched,
): Promise<{ readonly members: MemberSide[]; readonly groups: GroupSide[] }> {
  return {
    members: await sql(tx).many<MemberSide>(members, [tx.orgId, touched.members]),
    groups: await sql(tx).many<GroupSide>(groups, [tx.orgId, touched.groups]),
  };
}
