import type { Dialect } from "../dialects";
import type { Trail } from "../trail";

/** How a filter is held against the attribute table. */
export interface Binding {
  readonly dialect: Dialect;
  readonly trail: Trail;
  /** An attribute that the type does not have makes the condition false instead of an error (SCIM-105). */
  readonly lenient?: boolean;
  /** Collects the attributes that the type does not have. */
  readonly unknown?: Set<string>;
}
