import { permissions, type Caller, type Permission, type Role } from "../../platform/caller";

const everyMember: readonly Permission[] = ["organization:read", "event-type:own", "sign-in"];

const administration: readonly Permission[] = [
  ...everyMember,
  "organization:write",
  "member:read",
  "member:write",
  "member:role",
  "invitation:read",
  "invitation:write",
  "seat:read",
  "seat:assign",
  "subscription:read",
  "subscription:write",
  "group:read",
  "group:write",
  "event-type:read",
  "event-type:write",
  "identity:read",
  "identity:write",
  "token:write",
  "provisioning:read",
  "provisioning:write",
  "audit:read",
  "schema:read",
];

/** What each role may do (billing page D5). Owners and admins keep it without a seat (ruling 8). */
export const permissionsOfRole: Readonly<Record<Role, ReadonlySet<Permission>>> = {
  MEMBER: new Set(everyMember),
  ADMIN: new Set(administration),
  OWNER: new Set([...administration, "owner:transfer"]),
};

/** What callers that are no member may do. */
export const permissionsOfKind: Readonly<Record<Exclude<Caller["kind"], "person" | "token">, ReadonlySet<Permission>>> =
  {
    scim: new Set([
      "member:read",
      "member:write",
      "member:role",
      "group:read",
      "group:write",
      "seat:read",
      "seat:assign",
      "provisioning:write",
    ]),
    saml: new Set(["sign-in", "member:read", "member:write", "member:role", "seat:assign", "group:write"]),
    public: new Set(["invitation:answer", "sign-in"]),
    operator: new Set(permissions),
    system: new Set(permissions),
  };

const rank: Readonly<Record<Role, number>> = { MEMBER: 0, ADMIN: 1, OWNER: 2 };

/** Whether `role` is at most `ceiling`. */
export function isAtMost(role: Role, ceiling: Role): boolean {
  return rank[role] <= rank[ceiling];
}

/** The role whose powers a caller has: what it may hand on at most. */
export function roleOf(caller: Caller): Role {
  switch (caller.kind) {
    case "person":
    case "token":
      return caller.role;
    case "operator":
    case "system":
      return "OWNER";
    default:
      return "MEMBER";
  }
}
