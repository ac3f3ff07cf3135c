import { PlenumError } from "../../kernel/errors";
import type { Tx } from "../../platform/unit-of-work";
import { reauthUrl } from "./saml-urls";
import { findSessionProof } from "./sessions.store";

/** How recently a person must have proved who they are before they change how others do (SAML-11). */
export const freshMinutes = 15;

/**
 * Changing sign-in needs a recent proof from a person, not just an open session: a session stolen or left open must not
 * be enough to point an organization at another identity provider (SAML-11). Programs and the operator have no session.
 * @throws PlenumError `forbidden`, reason `reauthentication_required`.
 */
export async function requireFreshSession(tx: Tx): Promise<void> {
  if (tx.caller.kind !== "person") return;
  const proof = await findSessionProof(tx, tx.caller.sessionId, freshMinutes);
  if (!proof?.fresh) {
    // Where somebody came through their identity provider, it can be made to ask them again (SAML-21).
    const through = proof?.connectionId ? { reauthUrl: reauthUrl(tx, proof.connectionId) } : {};
    throw new PlenumError("forbidden", `sign in again: this needs a sign-in of the last ${freshMinutes} minutes`, {
      reason: "reauthentication_required",
      maxAgeMinutes: freshMinutes,
      ...through,
    });
  }
}

/**
 * What a break-glass session must not touch, so that whoever got in by it once cannot stay (SAML-83).
 * @throws PlenumError `forbidden`, reason `break_glass_session`.
 */
export async function refuseBreakGlassSession(tx: Tx): Promise<void> {
  if (tx.caller.kind !== "person") return;
  const proof = await findSessionProof(tx, tx.caller.sessionId, freshMinutes);
  if (proof?.method === "BREAK_GLASS") {
    throw new PlenumError("forbidden", "a break-glass session cannot change who may break the glass", {
      reason: "break_glass_session",
    });
  }
}
