import type { Attribute } from "../attributes/attribute";
import type { Place } from "../attributes/registry";

export type Comparison = "eq" | "ne" | "co" | "sw" | "ew" | "gt" | "ge" | "lt" | "le";

/** A literal in the type of the attribute it is compared with; null only with eq and ne. */
export type Literal = string | number | boolean | Date | null;

/** An attribute as the subject of a condition. `sub` is always set for a complex attribute except with `pr`. */
export interface Subject extends Place {
  readonly sub?: Attribute;
}

/** A filter that is known to fit the attribute table: nothing behind this type is checked a second time. */
export type Filter =
  | { readonly kind: "and" | "or"; readonly parts: readonly Filter[] }
  | { readonly kind: "not"; readonly part: Filter }
  | { readonly kind: "compare"; readonly subject: Subject; readonly op: Comparison; readonly literal: Literal }
  | { readonly kind: "present"; readonly subject: Subject }
  /** `attr[…]`: one and the same element satisfies `part`, whose subjects are sub-attributes of `place`. */
  | { readonly kind: "element"; readonly place: Place; readonly part: Filter }
  /** An attribute that this resource type does not have, in a query over several types (SCIM-105). */
  | { readonly kind: "never" };
