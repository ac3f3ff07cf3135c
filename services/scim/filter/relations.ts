import type { Attribute } from "../attributes/attribute";
import type { Place } from "../attributes/registry";
import { readId } from "../../kernel/ids";
import { idOperand } from "./facts";
import type { Operand, Scope } from "./operand";
import { typed } from "./operands";
import { publicIdSql } from "./sql-text";

/** The elements of a multi-valued attribute as rows. */
export interface Relation {
  /** `from … where …` up to the point where a condition on the element follows. */
  readonly from: string;
  /** The order of the elements: the primary first, then as given. */
  readonly order: string;
  /** What a condition compares: a sub-attribute of the element, or the element itself. */
  readonly operand: (sub: Attribute | undefined) => Operand;
}

/** Where the elements of a multi-valued attribute are found. */
export function relationOf({ attribute }: Place, scope: Scope): Relation {
  switch (attribute.stored.in) {
    case "rows":
      return {
        from: `member_value v where v.org_id = m.org_id and v.member_id = m.id and v.attribute = '${attribute.name}'`,
        order: "v.is_primary desc, v.ordinal",
        operand: (sub) => rowOperand(sub as Attribute),
      };
    case "rest":
      return {
        from: `jsonb_array_elements_text(coalesce(m.scim_rest -> '${attribute.stored.key}', '[]')) with ordinality v (value, n) where true`,
        order: "v.n",
        operand: () => typed(attribute, { sql: "v.value", nullable: false }),
      };
    case "edges":
      return attribute.stored.of === "groups" ? groupsOfMember(scope) : membersOfGroup(scope);
    default:
      throw new Error(`${attribute.name} has no elements`);
  }
}

function rowOperand(sub: Attribute): Operand {
  const { stored } = sub;
  if (stored.in !== "row") throw new Error(`${sub.name} is no part of an element`);
  if (stored.part === "value" && !sub.caseExact) {
    return { kind: "text", sql: "v.value", key: "v.value_key", keyIsColumn: true, nullable: true };
  }
  if (stored.part === "value" || stored.part === "type") return typed(sub, { sql: `v.${stored.part}`, nullable: true });
  // "primary": false that was given is kept in the detail, so that it can be told from none.
  if (stored.part === "primary") {
    return {
      kind: "boolean",
      sql: "(case when v.is_primary then true else (v.detail ->> 'primary')::boolean end)",
      nullable: true,
    };
  }
  return typed(sub, { sql: `(v.detail ->> '${sub.name}')`, nullable: true });
}

// Lists show direct groups only (ruling d5), and so filters see those.
function groupsOfMember({ parameter, baseUrl }: Scope): Relation {
  const operands: Readonly<Record<string, () => Operand>> = {
    value: () => idOperand("group", "v.id"),
    $ref: () => ({
      kind: "text",
      sql: `(${parameter(`${baseUrl}/Groups/`)}::text || ${publicIdSql("grp", "v.id")})`,
      nullable: false,
    }),
    display: () => ({ kind: "text", sql: "v.display_name", key: "v.name_key", keyIsColumn: true, nullable: false }),
    type: () => ({ kind: "text", sql: "'direct'", key: "'direct'", nullable: false }),
  };
  return {
    from:
      "group_member e join member_group v on v.org_id = e.org_id and v.id = e.group_id and v.deleted_at is null" +
      " where e.org_id = m.org_id and e.child_kind = 'MEMBER' and e.child_id = m.id",
    order: "v.id",
    operand: (sub) => (operands[sub?.name ?? ""] as () => Operand)(),
  };
}

const childId = `(case v.child_kind when 'MEMBER' then ${publicIdSql("mem", "v.child_id")} else ${publicIdSql("grp", "v.child_id")} end)`;
const childName =
  "(case v.child_kind when 'MEMBER' then (select coalesce(c.display_name, c.user_name) from member c where c.org_id = v.org_id and c.id = v.child_id)" +
  " else (select c.display_name from member_group c where c.org_id = v.org_id and c.id = v.child_id) end)";

function membersOfGroup({ parameter, baseUrl }: Scope): Relation {
  const subs = new Map<string, Partial<Operand> & { sql: string; nullable: boolean }>([
    ["value", { kind: "id", sql: childId, nullable: false, matchId: matchChild }],
    ["type", { sql: "(case v.child_kind when 'MEMBER' then 'User' else 'Group' end)", nullable: false }],
    ["display", { sql: childName, nullable: true }],
  ]);
  const ref = () =>
    `(${parameter(`${baseUrl}/`)}::text || case v.child_kind when 'MEMBER' then 'Users/' else 'Groups/' end || ${childId})`;
  return {
    from: "group_member v where v.org_id = m.org_id and v.group_id = m.id",
    order: "v.child_kind, v.child_id",
    operand: (sub) => typed(sub as Attribute, subs.get(sub?.name ?? "") ?? { sql: ref(), nullable: false }),
  };
}

function matchChild(text: string, parameter: (value: unknown) => string): string | null {
  const id = readId(text);
  if (id?.kind !== "member" && id?.kind !== "group") return null;
  return `(v.child_kind = '${id.kind === "member" ? "MEMBER" : "GROUP"}' and v.child_id = ${parameter(id.id)})`;
}
