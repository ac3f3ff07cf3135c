import { idPrefixes, readId, type IdKind } from "../../kernel/ids";
import type { Fact, Scope } from "./operand";
import { publicIdSql, uuidSql } from "./sql-text";

const always = (sql: string): ReturnType<Fact> => ({ sql, nullable: false });
const maybe = (sql: string): ReturnType<Fact> => ({ sql, nullable: true });

/** The id of a row: equality goes to the key, the rest to the public form. */
export function idOperand(kind: IdKind, uuid: string): ReturnType<Fact> & { kind: "id" } {
  return {
    kind: "id",
    sql: publicIdSql(idPrefixes[kind], uuid),
    nullable: false,
    matchId: (text, parameter) => {
      const id = readId(text);
      return id?.kind === kind ? `${uuid} = ${parameter(id.id)}` : null;
    },
  };
}

const openSeat =
  "licence_assignment a where a.org_id = m.org_id and a.member_id = m.id and a.kind = 'SERVICE' and a.ended_at is null";
const ofRow = (table: string, alias: string) => `${table} ${alias} where ${alias}.org_id = m.org_id`;
const manager = (column: string) =>
  `(select ${column} from member b where b.org_id = m.org_id and b.id = ${uuidSql("mem", "m.manager_ref")} and b.status <> 'REMOVED')`;

const kindOf = (scope: Scope): IdKind => (scope.type.name === "User" ? "member" : "group");

/** The attributes that are read from other facts, as SQL over the row `m` (attribute table: `computed`). */
export const facts: Readonly<Record<string, Fact>> = {
  id: (scope) => idOperand(kindOf(scope), "m.id"),
  resourceType: ({ type }) => always(`'${type.name}'`),
  location: (scope) =>
    always(
      `(${scope.parameter(`${scope.baseUrl}${scope.type.endpoint}/`)}::text || ${publicIdSql(idPrefixes[kindOf(scope)], "m.id")})`,
    ),
  version: () => always(`('W/"' || m.version || '"')`),
  active: () => always("(m.status in ('INVITED', 'ACTIVE'))"),
  // The whole name is made from its parts when it was not given (SCIM-061).
  formattedName: () =>
    maybe(
      `coalesce(m.formatted_name, nullif(concat_ws(' ', nullif(m.given_name, ''), nullif(m.middle_name, ''), nullif(m.family_name, '')), ''), nullif(m.display_name, ''))`,
    ),
  seatStatus: () =>
    always(
      `(case when exists (select 1 from ${openSeat}) then 'assigned'` +
        ` when exists (select 1 from ${ofRow("seat_wait", "w")} and w.member_id = m.id) then 'waiting' else 'none' end)`,
    ),
  licence: () =>
    maybe(
      `(select s.plan_code from subscription s where s.org_id = m.org_id and s.id = (select a.subscription_id from ${openSeat}))`,
    ),
  role: () => always("lower(m.role)"),
  managedBy: () =>
    always(`coalesce((select c.name from ${ofRow("identity_connection", "c")} and c.id = m.managed_by), 'local')`),
  invitationStatus: () =>
    always(
      `(case when m.status = 'INVITED' then 'pending' when exists (select 1 from ${ofRow("invitation", "i")}` +
        ` and i.member_id = m.id and i.status = 'ACCEPTED') then 'accepted' else 'none' end)`,
    ),
  "manager.ref": ({ parameter, baseUrl }) =>
    maybe(`(${parameter(`${baseUrl}/Users/`)}::text || ${manager("m.manager_ref")})`),
  "manager.displayName": () => maybe(manager("coalesce(b.display_name, b.user_name)")),
  "group.kind": () =>
    always(
      `(case when exists (select 1 from ${ofRow("group_rule", "k")} and k.group_id = m.id and k.target = 'ROLE') then 'role'` +
        ` when exists (select 1 from ${ofRow("group_rule", "k")} and k.group_id = m.id and k.target = 'LICENCE') then 'licence'` +
        ` else 'team' end)`,
    ),
};
