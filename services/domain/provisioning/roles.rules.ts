import type { Role } from "../../platform/caller";
import { isAtMost } from "../access";

const roles: Readonly<Record<string, Role>> = { owner: "OWNER", admin: "ADMIN", member: "MEMBER" };

/** What an identity provider's words about a member's role come to. */
export interface RoleWish {
  /** The highest role that is named, known and allowed. */
  readonly role: Role | undefined;
  readonly warnings: readonly string[];
}

/** Reads role names: unknown ones and those above the ceiling are kept by the client's wish, but not granted (SCIM-186). */
export function readRoles(names: readonly string[], ceiling: Role): RoleWish {
  let role: Role | undefined;
  const warnings: string[] = [];
  for (const name of names) {
    const key = name.trim().toLowerCase();
    const known = Object.hasOwn(roles, key) ? roles[key] : undefined;
    if (!known) warnings.push(`the role ${JSON.stringify(name.slice(0, 80))} is unknown; stored, not granted`);
    else if (!isAtMost(known, ceiling))
      warnings.push(`the role ${key} is above what this connection may grant; not granted`);
    else if (role === undefined || isAtMost(role, known)) role = known;
  }
  return { role, warnings };
}
