import { computed, flag, id, instant, needs, shownPermission, text, word } from "../columns";
import { beginsWith, byCreation, byCreationOrName, oneOf, where } from "../filters";
import type { Many, Noun } from "../noun";

const openSeat = (seat: string, member: string) =>
  `${seat}.org_id = $1 and ${seat}.member_id = ${member}.id and ${seat}.ended_at is null and ${seat}.kind = 'SERVICE'`;

/** A person in an organization. */
export const member: Noun = {
  name: "Member",
  key: (row) => `${row}.id`,
  members: {
    id: id("member"),
    status: word("status"),
    role: word("role"),
    origin: word("origin"),
    name: text(
      (m) =>
        `coalesce(${m}.display_name, ${m}.formatted_name, nullif(concat_ws(' ', ${m}.given_name, ${m}.family_name), ''), ${m}.user_name)`,
    ),
    displayName: text("display_name"),
    givenName: text("given_name"),
    familyName: text("family_name"),
    userName: text("user_name"),
    email: text("login_email"),
    title: text("title"),
    department: text("department"),
    employeeNumber: text("employee_number"),
    locale: text("locale"),
    timeZone: text("time_zone"),
    isManagedByIdentityProvider: flag((m) => `${m}.managed_by is not null`),
    onFreePlan: flag("free_place"),
    seatStatus: word(
      (m) => `case
        when exists (select from licence_assignment s where ${openSeat("s", m)}) then 'ASSIGNED'
        when exists (select from seat_wait w where w.org_id = $1 and w.member_id = ${m}.id) then 'WAITING'
        else 'NONE' end`,
    ),
    joinedAt: instant("joined_at"),
    suspendedAt: instant("suspended_at"),
    removedAt: instant("removed_at"),
    createdAt: instant("created_at"),
    updatedAt: instant("updated_at"),
    version: word("version"),
    viewerMay: computed(["role"], ([role], { caller }) => {
      // Only an owner touches an owner (billing page D5); the use cases refuse it, this tells a screen beforehand.
      const outOfReach = role === "OWNER" && !caller.permissions.has("owner:transfer");
      const acts = (["member:write", "member:role", "seat:assign"] as const).filter((p) => caller.permissions.has(p));
      return (outOfReach ? acts.filter((p) => p === "seat:assign") : acts).map(shownPermission);
    }),
    seat: {
      kind: "one",
      noun: "Licence",
      join: (to, m) => `licence_assignment ${to} on ${openSeat(to, m)}`,
    },
    options: {
      kind: "list",
      noun: "Licence",
      from: (to, m) =>
        `licence_assignment ${to} where ${to}.org_id = $1 and ${to}.member_id = ${m}.id and ${to}.ended_at is null
           and ${to}.kind = 'OPTION'`,
      orderBy: (to) => `${to}.started_at, ${to}.id`,
    },
    invitation: {
      kind: "one",
      noun: "Invitation",
      join: (to, m) =>
        `invitation ${to} on ${to}.org_id = $1 and ${to}.member_id = ${m}.id and ${to}.status = 'PENDING'`,
      gate: needs("invitation:read"),
    },
    eventTypes: {
      kind: "many",
      noun: "EventType",
      from: (to, m) => `event_type ${to} where ${to}.org_id = $1 and ${to}.member_id = ${m}.id`,
      filters: { status: oneOf("status", (to) => `${to}.status <> 'ARCHIVED'`) },
      orders: byCreation,
    },
  },
};

/** The members of the organization, removed ones only when they are asked for. */
export const members: Many = {
  kind: "many",
  noun: "Member",
  gate: needs("member:read"),
  from: (to) => `member ${to} where ${to}.org_id = $1`,
  filters: {
    status: statusFilter(),
    role: oneOf("role"),
    plan: where(
      (m, plan) =>
        `exists (select from licence_assignment l join subscription s on s.org_id = $1 and s.id = l.subscription_id
           where l.org_id = $1 and l.member_id = ${m}.id and l.ended_at is null and s.plan_code = ${plan}::text)`,
    ),
    search: beginsWith((from, to) =>
      ["name_key", "user_name_key", "login_email_norm"]
        .map(
          (key) => `select f.id from member f where f.org_id = $1 and f.${key} >= ${from} and f.${key} < ${to}
           and f.status <> 'REMOVED'`,
        )
        .join(" union all "),
    ),
  },
  orders: byCreationOrName,
};

// The partial indexes of the list hold live members only; the condition is repeated so that they can be used.
function statusFilter(): Many["filters"][string] {
  const plain = oneOf("status");
  const live = (m: string) => `${m}.status <> 'REMOVED'`;
  return {
    form: (value) => `${plain.form(value)}${(value as readonly string[]).includes("REMOVED") ? " removed" : ""}`,
    sql: (to, bind, value, form) => {
      if (form === "absent") return live(to);
      const [shape = "", removed] = form.split(" ");
      const condition = plain.sql(to, bind, value, shape);
      return removed ? condition : `${condition} and ${live(to)}`;
    },
  };
}
