import { invalid, PlenumError } from "../../kernel/errors";
import { parseId, type Id, type IdKind } from "../../kernel/ids";

/**
 * The uuid behind a public id in an input; what it does not find says where it stood.
 * @throws PlenumError `not_found` naming the field
 */
export function idAt<K extends IdKind>(field: string, kind: K, text: string): Id<K> {
  try {
    return parseId(kind, text);
  } catch (error) {
    if (!(error instanceof PlenumError)) throw error;
    throw new PlenumError(error.code, error.message, { ...error.facts, field, what: kind }, { cause: error });
  }
}

/**
 * What an update sets: absent keeps, so it is left out; null clears where that can be, and is refused where it cannot
 * (GQL-16).
 * @throws PlenumError `invalid` naming the field
 */
export function changeOf<T extends object, K extends keyof T & string, C extends keyof T & string = never>(
  input: T,
  settable: readonly K[],
  clearable: readonly C[] = [],
): { [P in K]?: NonNullable<T[P]> } & { [P in C]?: T[P] } {
  const change: Record<string, unknown> = {};
  for (const name of [...settable, ...clearable]) {
    const value = input[name];
    if (value === undefined) continue;
    if (value === null && !(clearable as readonly string[]).includes(name)) {
      throw invalid(name, "a value; it cannot be cleared");
    }
    change[name] = value;
  }
  return change as { [P in K]?: NonNullable<T[P]> } & { [P in C]?: T[P] };
}

/** A value that a client may leave out or send as null, as the domain has it: left out. */
export function optional<N extends string, T>(name: N, value: T | null | undefined): { [K in N]?: T } {
  return (value == null ? {} : { [name]: value }) as { [K in N]?: T };
}

/** An id that a client may leave out or send as null: left out. */
export function optionalId<N extends string, K extends IdKind>(
  name: N,
  kind: K,
  text: string | null | undefined,
): { [P in N]?: Id<K> } {
  return (text == null ? {} : { [name]: idAt(name, kind, text) }) as { [P in N]?: Id<K> };
}

/** An id that an update sets, or clears by null; left out it stays (GQL-16). */
export function idOrNull<N extends string, K extends IdKind>(
  name: N,
  kind: K,
  text: string | null | undefined,
): { [P in N]?: Id<K> | null } {
  if (text === undefined) return {};
  return { [name]: text === null ? null : idAt(name, kind, text) } as { [P in N]?: Id<K> | null };
}

/**
 * Runs what names a field otherwise than this door does, so that a refusal names the one that was sent.
 * @throws what `work` throws, with the field in the words of the input
 */
export async function namedAs<T>(names: Readonly<Record<string, string>>, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const field = error instanceof PlenumError ? error.facts["field"] : undefined;
    const name = typeof field === "string" ? names[field] : undefined;
    if (!(error instanceof PlenumError) || name === undefined) throw error;
    throw new PlenumError(error.code, error.message, { ...error.facts, field: name }, { cause: error });
  }
}
