export type AttributeType = "string" | "boolean" | "integer" | "dateTime" | "binary" | "reference" | "complex";

/**
 * Where the value of an attribute lives. The attribute table is the only place that says it; filter, sort, patch and
 * rendering read it from here (SCIM-054).
 */
export type Stored =
  /**
   * A column of the resource's own row; `key` is its folded twin, computed by the application (SCIM-080), `lookup` an
   * indexed column with the first 300 characters of that twin, `shownAs` the fact that is shown in its place.
   */
  | {
      readonly in: "column";
      readonly column: string;
      readonly key?: string;
      readonly lookup?: string;
      readonly shownAs?: string;
    }
  /** A key of `scim_rest`: kept and returned, without effect in the product. */
  | { readonly in: "rest"; readonly key: string }
  /** Rows of `member_value`, one per element; the sub-attribute's name decides the column. */
  | { readonly in: "rows" }
  /** A sub-attribute of such rows. */
  | { readonly in: "row"; readonly part: "type" | "value" | "primary" | "detail" }
  /** Edges of `group_member`: never loaded to be changed (SCIM-163). */
  | { readonly in: "edges"; readonly of: "members" | "groups" }
  /** `provisioning_link.external_id` of the asking connection (SCIM-013). */
  | { readonly in: "link" }
  /** Read from other facts; `fact` names the expression. */
  | { readonly in: "computed"; readonly fact: string }
  /** A single complex attribute: its sub-attributes say where they live. */
  | { readonly in: "parts" }
  /** Accepted and thrown away. */
  | { readonly in: "nowhere" };

/** One attribute as RFC 7643 §7 describes it, with the place where it is kept. */
export interface Attribute {
  readonly name: string;
  readonly type: AttributeType;
  readonly multiValued: boolean;
  readonly description: string;
  readonly required: boolean;
  readonly caseExact: boolean;
  readonly mutability: "readOnly" | "readWrite" | "immutable" | "writeOnly";
  readonly returned: "always" | "default" | "request" | "never";
  readonly uniqueness: "none" | "server" | "global";
  readonly canonicalValues?: readonly string[];
  /** Whether a value outside `canonicalValues` is refused; otherwise they are suggestions (SCIM-061). */
  readonly closed?: boolean;
  readonly referenceTypes?: readonly string[];
  readonly subAttributes?: readonly Attribute[];
  /** Most characters of a text. */
  readonly maxLength: number;
  readonly stored: Stored;
}

export interface Schema {
  readonly urn: string;
  readonly name: string;
  readonly description: string;
  readonly attributes: readonly Attribute[];
}

export type ResourceName = "User" | "Group" | "Role" | "Entitlement";

export interface ResourceType {
  readonly name: ResourceName;
  readonly endpoint: string;
  readonly description: string;
  /** id, externalId, schemas and meta: common to all, part of no schema document (RFC 7643 §3.1). */
  readonly common: readonly Attribute[];
  readonly core: Schema;
  readonly extensions: readonly Schema[];
}

type Extra = Partial<Omit<Attribute, "name" | "description" | "stored">>;

/** One row of an attribute table: what is not said is the RFC's default (RFC 7643 §2.2). */
export function attribute(name: string, description: string, stored: Stored, extra: Extra = {}): Attribute {
  const type = extra.type ?? "string";
  return {
    name,
    type,
    multiValued: false,
    description,
    required: false,
    caseExact: type === "reference" || type === "binary",
    mutability: "readWrite",
    returned: "default",
    uniqueness: "none",
    maxLength: 4096,
    stored,
    ...extra,
  };
}

export const column = (name: string, more: { key?: string; lookup?: string; shownAs?: string } = {}): Stored => ({
  in: "column",
  column: name,
  ...more,
});
export const rest = (key: string): Stored => ({ in: "rest", key });
export const computed = (fact: string): Stored => ({ in: "computed", fact });
export const row = (part: "type" | "value" | "primary" | "detail"): Stored => ({ in: "row", part });
export const rows: Stored = { in: "rows" };
export const parts: Stored = { in: "parts" };
export const nowhere: Stored = { in: "nowhere" };
export const link: Stored = { in: "link" };
export const edges = (of: "members" | "groups"): Stored => ({ in: "edges", of });
