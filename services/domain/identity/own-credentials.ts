import { PlenumError } from "../../kernel/errors";
import type { MemberId, PersonId, SessionId } from "../../kernel/ids";
import { listCredentialRows } from "../../platform/lobby";
import type { Tx } from "../../platform/unit-of-work";
import { refuseBreakGlassSession, requireFreshSession } from "./administrator";

const credentialsMax = 20;

export interface Self {
  readonly memberId: MemberId;
  readonly personId: PersonId;
  readonly sessionId: SessionId;
}

/**
 * Nobody registers a key for somebody else, and nobody who came in by one makes the next (SAML-83).
 * @throws PlenumError `forbidden`.
 */
export async function requireSelf(tx: Tx): Promise<Self> {
  const { caller } = tx;
  if (caller.kind !== "person" || caller.personId === null) {
    throw new PlenumError("forbidden", "a person registers their own credentials, signed in", {});
  }
  await requireFreshSession(tx);
  await refuseBreakGlassSession(tx);
  const { memberId, personId, sessionId } = caller;
  return { memberId, personId, sessionId };
}

/** @throws PlenumError `conflict` where somebody has registered as many as one may. */
export async function requireRoom(tx: Tx, personId: PersonId): Promise<void> {
  const kept = (await listCredentialRows(tx, personId)).filter((credential) => credential.kind !== "RECOVERY");
  if (kept.length >= credentialsMax) {
    throw new PlenumError("conflict", `at most ${credentialsMax} credentials`, { max: credentialsMax });
  }
}

/** Notes in the audit log what was done to whose credential. */
export function tell(tx: Tx, action: string, memberId: MemberId, kind: string): void {
  tx.audit({ action, target: { kind: "member", id: memberId }, facts: { kind } });
}
