import type { Reply, Send } from "../support/door";

/** Speaks to a connection: paths are below its base URL, `authorization` replaces the connection's own. */
export type Speak = (request: Send) => Promise<Reply & { readonly ms: number }>;

/** What a step knows of the steps before it. */
export type Known = Map<string, string>;

export interface Check {
  readonly what: string;
  readonly holds: (reply: Reply & { readonly ms: number }, known: Known) => boolean;
}

/** A request and what is asked of its answer. */
export interface Step {
  readonly name: string;
  readonly request: (known: Known) => Send;
  readonly checks: readonly Check[];
  /** Values of the answer that later steps use, by the place in its body. */
  readonly keeps?: Readonly<Record<string, string>>;
}

export interface Verdict {
  readonly step: string;
  readonly check: string;
  readonly passed: boolean;
}

/** The value at a place such as `Resources[0].name.givenName`. */
export function at(body: unknown, place: string): unknown {
  const keys = place.split(/[.[\]]/).filter((key) => key !== "");
  return keys.reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], body);
}

export const isStatus = (status: number): Check => ({
  what: `status ${status}`,
  holds: (reply) => reply.status === status,
});
export const isThere = (place: string): Check => ({
  what: `${place} has a value`,
  holds: ({ body }) => !["", null, undefined].includes(at(body, place) as string) && !isEmptyList(at(body, place)),
});
const isEmptyList = (value: unknown): boolean => Array.isArray(value) && value.length === 0;
export const isNumber = (place: string): Check => ({
  what: `${place} is a number`,
  holds: ({ body }) => typeof at(body, place) === "number",
});
export const has = (place: string, value: string): Check => ({
  what: `${place} holds ${value}`,
  holds: ({ body, text }) =>
    place === "" ? text.includes(value) : ((at(body, place) ?? []) as unknown[]).includes(value),
});
const textOf = (value: unknown): string => (typeof value === "string" ? value : JSON.stringify(value));

/** Compared as texts, as the tool does that the checks are written for. */
export const is = (place: string, value: string | ((known: Known) => string | undefined)): Check => ({
  what: `${place} is as expected`,
  holds: ({ body }, known) => {
    const found = at(body, place);
    return found != null && textOf(found) === (typeof value === "string" ? value : value(known));
  },
});
export const isFaster = (ms: number): Check => ({ what: `answered within ${ms} ms`, holds: (reply) => reply.ms < ms });
export const kept = (name: string) => (known: Known) => known.get(name);

/** Runs the steps in order, and answers what held. */
export async function runSteps(
  steps: readonly Step[],
  speak: Speak,
  values: Readonly<Record<string, string>>,
): Promise<Verdict[]> {
  const known: Known = new Map(Object.entries(values));
  const verdicts: Verdict[] = [];
  for (const { name, request, checks, keeps = {} } of steps) {
    const reply = await speak(request(known));
    for (const [as, place] of Object.entries(keeps)) known.set(as, String(at(reply.body, place)));
    for (const { what, holds } of checks) verdicts.push({ step: name, check: what, passed: holds(reply, known) });
  }
  return verdicts;
}
