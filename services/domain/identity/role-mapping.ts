import { invalid } from "../../kernel/errors";
import { parseText } from "../../kernel/text";
import type { Role } from "../../platform/caller";
import { isAtMost } from "../access";

/** Which value of an attribute gives which role, and when it is looked at (SAML-68). */
export interface RoleMapping {
  /** Absent: the attribute of the groups. */
  readonly attribute?: string;
  readonly when: "never" | "first_login" | "every_login";
  /** In order: the first that fits decides. */
  readonly rules: readonly RoleRule[];
}

export interface RoleRule {
  readonly value: string;
  readonly role: "ADMIN" | "MEMBER";
}

const rulesMax = 100;
const whens = ["never", "first_login", "every_login"] as const;

/**
 * The role that the sent values give, or nothing where nothing may change: no attribute came, it is not the time, or
 * the mapping is off. Ownership cannot be mapped, whatever a value is called (SAML-A100).
 */
export function mappedRole(
  mapping: RoleMapping | undefined,
  sent: readonly string[] | undefined,
  isFirst: boolean,
  ceiling: "ADMIN" | "MEMBER",
): Exclude<Role, "OWNER"> | undefined {
  if (!mapping || !sent || mapping.when === "never") return undefined;
  if (mapping.when === "first_login" && !isFirst) return undefined;
  const values = new Set(sent);
  const role = mapping.rules.find((rule) => values.has(rule.value))?.role ?? "MEMBER";
  return isAtMost(role, ceiling) ? role : "MEMBER";
}

/** A mapping as somebody typed it. */
export interface RoleMappingInput {
  readonly attribute?: string;
  readonly when: string;
  readonly rules: readonly { readonly value: string; readonly role: string }[];
}

/** @throws PlenumError `invalid`, also for a rule that would make an owner. */
export function parseRoleMapping(mapping: RoleMappingInput): RoleMapping {
  const when = whens.find((known) => known === mapping.when);
  if (!when) throw invalid("mapping.roles.when", whens.join(", "), mapping.when);
  if (mapping.rules.length > rulesMax)
    throw invalid("mapping.roles.rules", `at most ${rulesMax} rules`, mapping.rules.length);
  const rules = mapping.rules.map(({ value, role }, i): RoleRule => {
    const field = `mapping.roles.rules.${i}`;
    if (role !== "ADMIN" && role !== "MEMBER") throw invalid(`${field}.role`, "ADMIN or MEMBER", role);
    return { value: parseText(`${field}.value`, value, { max: 300 }), role };
  });
  const attribute =
    mapping.attribute === undefined
      ? {}
      : { attribute: parseText("mapping.roles.attribute", mapping.attribute, { max: 300 }) };
  return { ...attribute, when, rules };
}
