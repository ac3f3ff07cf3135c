/**
 * What somebody wants to see of one thing: its fields, and what they want to see behind each. Neutral: no alias, no
 * fragment, no word of the transport. The same question hands in the same object, so that its plan is made once.
 */
export interface Selection {
  readonly fields: readonly SelectedField[];
}

export interface SelectedField {
  /** The field of the noun. */
  readonly name: string;
  /** Under which key the value is handed back; fields with different arguments have different keys. */
  readonly key: string;
  /** Which of the request's argument lists belongs to this field. */
  readonly argumentsAt?: number;
  /** Absent for a value, present for a thing or a list of things. */
  readonly children?: Selection;
}

export type Arguments = Readonly<Record<string, unknown>>;

/** The field that every thing has: the name of its noun. */
export const typeName = "__typename";
