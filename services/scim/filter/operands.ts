import type { Attribute, Stored } from "../attributes/attribute";
import { facts } from "./facts";
import type { Fact, Operand, Scope } from "./operand";
import type { Subject } from "./filter";
import { folded } from "./sql-text";

/** The operand of a single-valued attribute or sub-attribute. */
export function operandOf({ attribute, sub }: Subject, scope: Scope): Operand {
  const leaf = sub ?? attribute;
  return operand(leaf, leaf.stored, scope);
}

function operand(leaf: Attribute, stored: Stored, scope: Scope): Operand {
  switch (stored.in) {
    case "column":
      if (stored.shownAs !== undefined) return typed(leaf, factOf(stored.shownAs, scope));
      return typed(leaf, {
        sql: `m.${stored.column}`,
        nullable: true,
        ...(stored.key ? { key: `m.${stored.key}` } : {}),
      });
    case "rest":
      return typed(leaf, { sql: `(m.scim_rest ->> '${stored.key}')`, nullable: true });
    case "link":
      return typed(leaf, { sql: linkSql(scope), nullable: true });
    case "computed":
      return typed(leaf, factOf(stored.fact, scope));
    default:
      throw new Error(`${leaf.name} cannot be an operand`);
  }
}

function factOf(name: string, scope: Scope): ReturnType<Fact> {
  const fact = facts[name];
  if (!fact) throw new Error(`no expression for the fact ${name}`);
  return fact(scope);
}

/** An expression as the attribute's type says; texts that ignore case get their key. */
export function typed(leaf: Attribute, given: Partial<Operand> & { sql: string; nullable: boolean }): Operand {
  if (given.kind) return given as Operand;
  if (leaf.type === "boolean") return { ...given, kind: "boolean" };
  if (leaf.type === "integer") return { ...given, kind: "number" };
  if (leaf.type === "dateTime") return { ...given, kind: "instant" };
  if (leaf.caseExact) return { ...given, kind: "text" };
  // A folded twin of the row is a column that is never null.
  if (given.key) return { ...given, kind: "text", keyIsColumn: true, nullable: false };
  return { ...given, kind: "text", key: folded(given.sql) };
}

function linkSql({ parameter, connectionId, type }: Scope): string {
  const kind = type.name === "User" ? "MEMBER" : "GROUP";
  return (
    `(select l.external_id from provisioning_link l where l.org_id = m.org_id` +
    ` and l.connection_id = ${parameter(connectionId)}::uuid and l.kind = '${kind}' and l.resource_id = m.id)`
  );
}
