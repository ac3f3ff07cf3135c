import type { MemberId } from "../../kernel/ids";
import { foldKey } from "../../kernel/text";
import { sql, statement } from "../../platform/sql";
import type { Tx } from "../../platform/unit-of-work";
import { memberColumns, profileColumns, profileKeys } from "./member.columns";
import type { Member, MemberStatus, MemberValue } from "./member";
import { nameKey, valueKey } from "./member.rules";
import { isUndecided } from "./purge.store";

const live = `m.org_id = $1 and m.id = $2 and m.status <> 'REMOVED'`;
const find = statement("member-find", `select ${memberColumns} from member m where ${live}`);
// Locked before it is read, by a statement of its own: one that waits for the lock and reads at once has looked at the
// elements of the lists before it waited.
const lock = statement("member-lock", `select from member m where ${live} for no key update`);

// The elements of one member's multi-valued attributes, from a JSON array; their order is their ordinal.
const valueRows = (json: string) => `jsonb_to_recordset(${json}::jsonb) as v
  (attribute text, ordinal integer, type text, value text, value_key text, is_primary boolean, detail jsonb)`;
const valueColumns = `org_id, member_id, attribute, ordinal, type, value, value_key, is_primary, detail`;

const profileNames = profileKeys.map((key) => profileColumns[key]);
const add = statement(
  "member-add",
  `with added as (
     insert into member (org_id, id, person_id, status, role, origin, user_name_key, name_key, login_email,
       login_email_norm, scim_rest, managed_by, free_place, joined_at, suspended_at, created_at, updated_at,
       seat_snapshot, ${profileNames.join(", ")})
     values ($1, $2, case when $3 then (select person_id from person_email where email_norm = $10) end, $4, $5, $6, $7,
       $8, $9, $10, $11, $12, $13, $14, $15, $16, $16, $18, ${profileNames.map((_, i) => `$${19 + i}`).join(", ")})
     returning id
   )
   insert into member_value (${valueColumns})
   select $1, $2, attribute, ordinal, type, value, value_key, coalesce(is_primary, false), detail
   from ${valueRows("$17")}, added`,
);
// The moment of a suspension is the database's, taken while the row is held: that of the sign-ins it is compared with. Ours
// is from before the wait for the row, and another replica's clock may be a second behind.
const update = statement(
  "member-update",
  `update member set person_id = $3, status = $4, role = $5, user_name_key = $6, name_key = $7, login_email = $8,
     login_email_norm = $9, scim_rest = $10, managed_by = $11, free_place = $12, seat_snapshot = $13, joined_at = $14,
     suspended_at = case when $4 = 'SUSPENDED' and status <> 'SUSPENDED' then clock_timestamp() else suspended_at end,
     removed_at = $15, purge_after = $16, updated_at = $17, version = version + 1,
     ${profileNames.map((name, i) => `${name} = $${18 + i}`).join(", ")}
   where org_id = $1 and id = $2
   returning version`,
);
const replaceValues = statement(
  "member-values-replace",
  `with gone as (
     delete from member_value where org_id = $1 and member_id = $2 and attribute = any ($3::text[])
       and (attribute, ordinal) not in (select attribute, ordinal from ${valueRows("$4")})
   )
   insert into member_value (${valueColumns})
   select $1, $2, attribute, ordinal, type, value, value_key, coalesce(is_primary, false), detail
   from ${valueRows("$4")}
   on conflict (org_id, member_id, attribute, ordinal) do update
     set type = excluded.type, value = excluded.value, value_key = excluded.value_key,
         is_primary = excluded.is_primary, detail = excluded.detail`,
);
const clearPrimary = statement(
  "member-values-clear-primary",
  `update member_value set is_primary = false
   where org_id = $1 and member_id = $2 and attribute = any ($3::text[]) and is_primary`,
);
const emailTaken = statement(
  "member-by-login-email",
  `select id, status from member where org_id = $1 and login_email_norm = $2 and status <> 'REMOVED'`,
);
// A member's edges go with the member: they are rows between two modules, and none may be left for a moment (SCIM-170).
const leaveGroups = statement(
  "member-leave-groups",
  `with gone as (
     delete from group_member where org_id = $1 and child_kind = 'MEMBER' and child_id = $2 returning group_id
   ), effects as (
     delete from group_rule_effect where org_id = $1 and member_id = $2
   ), left_groups as (
     select g.id from member_group g where g.org_id = $1 and g.id in (select group_id from gone)
     order by g.id for no key update
   )
   update member_group g set member_count = g.member_count - 1, version = g.version + 1, updated_at = $3
   from left_groups where g.org_id = $1 and g.id = left_groups.id`,
);

// A tombstone whose undo window is open (SCIM-171).
const lockRemoved = statement(
  "member-lock-removed",
  `select ${memberColumns} from member m
   where m.org_id = $1 and m.id = $2 and m.status = 'REMOVED' and m.purge_after is not null
     and (m.purge_after > $3 or ${isUndecided("m")}) for no key update of m`,
);

export async function lockRemovedRow(tx: Tx, id: MemberId): Promise<Member | undefined> {
  return sql(tx).maybe<Member>(lockRemoved, [tx.orgId, id, tx.now]);
}

export async function findMemberRow(tx: Tx, id: MemberId): Promise<Member | undefined> {
  return sql(tx).maybe<Member>(find, [tx.orgId, id]);
}

export async function lockMemberRow(tx: Tx, id: MemberId): Promise<Member | undefined> {
  const [, member] = await Promise.all([sql(tx).exec(lock, [tx.orgId, id]), findMemberRow(tx, id)]);
  return member;
}

/**
 * Inserts the member and the elements of their multi-valued attributes in one statement. Whose address has a person is
 * tied to them by the statement itself, so that it can travel behind the one that makes the person.
 */
export async function insertMember(
  tx: Tx,
  member: Omit<Member, "personId">,
  { emailNorm, hasPerson }: { emailNorm: string | null; hasPerson: boolean },
): Promise<void> {
  await sql(tx).exec(add, [
    tx.orgId,
    member.id,
    hasPerson,
    member.status,
    member.role,
    member.origin,
    foldKey(member.userName),
    nameKey(member),
    member.loginEmail,
    emailNorm,
    JSON.stringify(member.scimRest),
    member.managedBy,
    member.freePlace,
    member.joinedAt,
    member.suspendedAt,
    member.createdAt,
    rowsOf(member.values),
    snapshotOf(member),
    ...profileKeys.map((key) => member[key]),
  ]);
}

function snapshotOf({ seatSnapshot }: Pick<Member, "seatSnapshot">): string | null {
  return seatSnapshot === null ? null : JSON.stringify(seatSnapshot);
}

/** Writes a whole member row (not its values); answers the new version. */
export async function updateMember(
  tx: Tx,
  member: Member,
  more: { emailNorm: string | null; purgeAfter?: Date },
): Promise<string> {
  const { version } = await sql(tx).one<{ version: string }>(update, [
    tx.orgId,
    member.id,
    member.personId,
    member.status,
    member.role,
    foldKey(member.userName),
    nameKey(member),
    member.loginEmail,
    more.emailNorm,
    JSON.stringify(member.scimRest),
    member.managedBy,
    member.freePlace,
    snapshotOf(member),
    member.joinedAt,
    member.removedAt,
    more.purgeAfter ?? null,
    tx.now,
    ...profileKeys.map((key) => member[key]),
  ]);
  return version;
}

/** Replaces all elements of the named multi-valued attributes. */
export async function replaceMemberValues(
  tx: Tx,
  id: MemberId,
  attributes: readonly string[],
  values: readonly MemberValue[],
): Promise<void> {
  // The old primary goes first: within one statement the partial unique key could meet two.
  await sql(tx).exec(clearPrimary, [tx.orgId, id, attributes]);
  await sql(tx).exec(replaceValues, [tx.orgId, id, attributes, rowsOf(values)]);
}

/** Who signs in with this address in this organization. */
export async function findByLoginEmail(
  tx: Tx,
  emailNorm: string,
): Promise<{ id: MemberId; status: MemberStatus } | undefined> {
  return sql(tx).maybe<{ id: MemberId; status: MemberStatus }>(emailTaken, [tx.orgId, emailNorm]);
}

export async function deleteGroupEdges(tx: Tx, id: MemberId): Promise<void> {
  await sql(tx).exec(leaveGroups, [tx.orgId, id, tx.now]);
}

function rowsOf(values: readonly MemberValue[]): string {
  const ordinals = new Map<string, number>();
  return JSON.stringify(
    values.map((v) => {
      const ordinal = ordinals.get(v.attribute) ?? 0;
      ordinals.set(v.attribute, ordinal + 1);
      return {
        attribute: v.attribute,
        ordinal,
        type: v.type,
        value: v.value,
        value_key: valueKey(v.value),
        is_primary: v.primary,
        detail: v.detail,
      };
    }),
  );
}
