import { flag, id, instant, needs, number, text, viewerMay, word } from "../columns";
import { beginsWith, byCreation, byCreationOrName } from "../filters";
import type { Many, Noun } from "../noun";
import { members } from "./member";

/** Members, and other groups, under a name. */
export const group: Noun = {
  name: "Group",
  key: (row) => `${row}.id`,
  members: {
    id: id("group"),
    name: text("display_name"),
    memberCount: number("member_count"),
    isManagedByIdentityProvider: flag(
      (g) => `exists (select from identity_connection c where c.org_id = $1 and c.id = ${g}.managed_by
                        and c.deleted_at is null and c.scim_state <> 'OFF')`,
    ),
    createdAt: instant("created_at"),
    updatedAt: instant("updated_at"),
    version: word("version"),
    viewerMay: viewerMay("group:write"),
    connection: {
      kind: "one",
      noun: "IdentityConnection",
      join: (to, g) =>
        `identity_connection ${to} on ${to}.org_id = $1 and ${to}.id = ${g}.managed_by and ${to}.deleted_at is null`,
      gate: needs("identity:read"),
    },
    members: {
      ...members,
      from: (to, g) => `member ${to} where ${to}.org_id = $1 and ${to}.id in (
        select e.child_id from group_member e where e.org_id = $1 and e.group_id = ${g}.id and e.child_kind = 'MEMBER')`,
    },
    groups: {
      kind: "many",
      noun: "Group",
      from: (to, g) => `member_group ${to} where ${to}.org_id = $1 and ${to}.deleted_at is null and ${to}.id in (
        select e.child_id from group_member e where e.org_id = $1 and e.group_id = ${g}.id and e.child_kind = 'GROUP')`,
      filters: {},
      orders: byCreation,
    },
  },
};

/** The groups of the organization. */
export const groups: Many = {
  kind: "many",
  noun: "Group",
  gate: needs("group:read"),
  from: (to) => `member_group ${to} where ${to}.org_id = $1 and ${to}.deleted_at is null`,
  filters: {
    search: beginsWith(
      (
        from,
        to,
      ) => `select f.id from member_group f where f.org_id = $1 and f.name_key >= ${from} and f.name_key < ${to}
           and f.deleted_at is null`,
    ),
  },
  orders: byCreationOrName,
};
