import type { ResourceType } from "../attributes/attribute";

/** Something that SQL can compare: an expression over the row `m`, or over one element `v`. */
export interface Operand {
  readonly kind: "text" | "boolean" | "number" | "instant" | "id";
  /** The value as it is shown; for an id its public form. */
  readonly sql: string;
  /** The folded value of a text that ignores case. */
  readonly key?: string;
  /** The key is a column in byte order with an index, so that a prefix can be a range. */
  readonly keyIsColumn?: boolean;
  readonly nullable: boolean;
  /** How equality with a value reaches an index, where the expression itself would not. */
  readonly equals?: (value: string, parameter: (value: unknown) => string) => string;
  /** How an id is recognised without its public form; null where the text is no such id. */
  readonly matchId?: (publicId: string, parameter: (value: unknown) => string) => string | null;
}

/** Makes parameters and knows who asks. */
export interface Scope {
  readonly type: ResourceType;
  readonly parameter: (value: unknown) => string;
  readonly connectionId: string;
  readonly baseUrl: string;
}

/** An expression over the row `m`; its type is the attribute's. */
export type Fact = (scope: Scope) => Partial<Operand> & { sql: string; nullable: boolean };
