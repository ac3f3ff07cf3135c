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
      return columnOperand(leaf, stored, scope);
    case "rest":
      return typed(leaf, { sql: `(m.scim_rest ->> '${stored.key}')`, nullable: true });
    case "link":
      return { ...typed(leaf, { sql: linkSql(scope), nullable: true }), equals: linkEquals(scope) };
    case "computed":
      return typed(leaf, factOf(stored.fact, scope));
    default:
      throw new Error(`${leaf.name} cannot be an operand`);
  }
}

function columnOperand(leaf: Attribute, stored: Stored & { in: "column" }, scope: Scope): Operand {
  const { column, key, lookup, shownAs } = stored;
  if (shownAs !== undefined) return typed(leaf, factOf(shownAs, scope));
  const operand = typed(leaf, {
    sql: `m.${column}`,
    nullable: true,
    ...(key === undefined ? {} : { key: `m.${key}` }),
  });
  if (lookup === undefined) return operand;
  // Names are shown and sorted by a key of 300 characters, which is enough to find the few rows that may be meant.
  const equals: Operand["equals"] = (value, parameter) =>
    `(m.${lookup} = ${parameter(value.slice(0, 300))}::text and ${operand.key ?? operand.sql} = ${parameter(value)}::text)`;
  return { ...operand, equals };
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

// Asked from the side of the link, so that its index finds the one resource.
function linkEquals({ connectionId, type }: Scope): NonNullable<Operand["equals"]> {
  const kind = type.name === "User" ? "MEMBER" : "GROUP";
  return (value, parameter) =>
    `exists (select 1 from provisioning_link l where l.org_id = m.org_id` +
    ` and l.connection_id = ${parameter(connectionId)}::uuid and l.kind = '${kind}'` +
    ` and l.external_id = ${parameter(value)}::text and l.resource_id = m.id)`;
}

function linkSql({ parameter, connectionId, type }: Scope): string {
  const kind = type.name === "User" ? "MEMBER" : "GROUP";
  return (
    `(select l.external_id from provisioning_link l where l.org_id = m.org_id` +
    ` and l.connection_id = ${parameter(connectionId)}::uuid and l.kind = '${kind}' and l.resource_id = m.id)`
  );
}
