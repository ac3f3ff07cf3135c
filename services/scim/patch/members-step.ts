import type { Filter } from "../filter/filter";
import { limits } from "../limits";
import { tooLarge } from "../refusal";
import { elementsOf, type Value } from "../values";

/** Somebody who is or shall be in a group, as the client names them. */
export interface MemberName {
  readonly value: string;
  readonly type?: string;
}

/**
 * What an operation on `members` means as one set-based statement; the list itself is never loaded (SCIM-163).
 */
export type MembersStep =
  | { readonly do: "add" | "remove" | "replace"; readonly members: readonly MemberName[]; readonly where: string }
  | { readonly do: "clear"; readonly where: string }
  /** Whoever satisfies a filter that is more than a list of ids. */
  | { readonly do: "removeMatching"; readonly filter: Filter; readonly where: string };

/** The members that a value names, each once. */
export function membersOf(value: Value | null): MemberName[] {
  const names = elementsOf(value ?? undefined).map((element) => {
    const type = element["type"];
    return { value: String(element["value"]), ...(typeof type === "string" ? { type } : {}) };
  });
  if (names.length > limits.membersPerRequest) {
    throw tooLarge(`members has ${names.length} entries, at most ${limits.membersPerRequest} are allowed`);
  }
  return names;
}

/** The ids of `value eq "a" or value eq "b"`: how clients name members in a path. Nothing for any other filter. */
export function idsOf(filter: Filter): MemberName[] | undefined {
  if (filter.kind === "or") {
    const parts = filter.parts.map(idsOf);
    return parts.every((part) => part !== undefined) ? parts.flat() : undefined;
  }
  const isId = filter.kind === "compare" && filter.op === "eq" && filter.subject.sub?.name === "value";
  return isId && typeof filter.literal === "string" ? [{ value: filter.literal }] : undefined;
}
