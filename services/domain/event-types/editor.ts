import type { MemberId } from "../../kernel/ids";
import type { Caller } from "../../platform/caller";

/** The member who acts; null where no member does. */
export function memberOf(caller: Caller): MemberId | null {
  return caller.kind === "person" || caller.kind === "token" ? caller.memberId : null;
}
