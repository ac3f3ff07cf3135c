import type { PlenumError } from "../../kernel/errors";
import { shownCode } from "./codes";
import { messageOf } from "./messages";

/** One entry of `userErrors`: what somebody can correct, and where (ruling a15). */
export interface UserError {
  readonly code: string;
  readonly path: readonly string[];
  readonly facts: Readonly<Record<string, unknown>>;
  readonly message: string;
}

/** `facts.field` of a refusal is the way into the input: `invitees.3.email`. */
export function userErrorOf({ code, facts }: PlenumError, locale: "fr" | "en"): UserError {
  const { field, ...rest } = facts;
  const path = typeof field === "string" ? ["input", ...field.split(".")] : [];
  return { code: shownCode(code), path, facts: rest, message: messageOf(code, facts, locale) };
}
