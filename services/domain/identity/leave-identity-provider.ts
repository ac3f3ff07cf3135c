import type { ConnectionId } from "../../kernel/ids";
import type { Tx } from "../../platform/unit-of-work";
import { endSessionsOfConnection } from "./sessions.store";

/**
 * Another identity provider takes over a connection: whom the one before has introduced is a stranger from now on, and
 * their sessions end with it (SAML-60), but for the session of whoever makes the change, or nobody could make it good.
 * Answers how many ended.
 */
export async function leaveIdentityProvider(
  tx: Tx,
  id: ConnectionId,
  { from, to }: { readonly from: string | null; readonly to: string | null },
): Promise<number> {
  if (from === null || from === to) return 0;
  const own = tx.caller.kind === "person" ? tx.caller.sessionId : null;
  return endSessionsOfConnection(tx, id, "IDENTITY_PROVIDER_CHANGED", own);
}
