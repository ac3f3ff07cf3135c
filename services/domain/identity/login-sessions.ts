import { PlenumError } from "../../kernel/errors";
import { newId, publicId, type MemberId, type SessionId } from "../../kernel/ids";
import { mintSecret } from "../../platform/secrets";
import type { Tx } from "../../platform/unit-of-work";
import { useCase } from "../access";
import { requireLinkAllowed } from "./require-link-allowed";
import { endSessionRow, endSessionsOfMember, insertSession, type NewSession } from "./sessions.store";

export interface StartedSession {
  readonly id: SessionId;
  /** The cookie's value; only its hash is stored. */
  readonly secret: string;
  readonly idleUntil: Date;
  readonly endsAt: Date;
}

/**
 * Starts a login session with a new secret, whatever cookie the browser brought (no fixation, SAML-54): 60 minutes
 * idle, 12 hours at most (ruling a11).
 * @throws PlenumError `sso_refused` for a link where single sign-on is required; `member_deactivated`.
 */
export const startLoginSession = useCase(
  "sign-in",
  async (tx: Tx, input: Omit<NewSession, "id" | "hash">): Promise<StartedSession> => {
    // Links in mails and invitations end here: where single sign-on is required they open nothing (SAML-82).
    if (input.method === "LINK") await requireLinkAllowed(tx, input.memberId);
    const id = newId("session");
    const secret = mintSecret("session", tx.orgId);
    const lives = await insertSession(tx, { ...input, id, hash: secret.hash });
    if (!lives) throw deactivated(input.memberId);

    const facts = { method: input.method, session: id };
    tx.audit({ action: "session.start", target: { kind: "member", id: input.memberId }, facts });
    tx.emit({ name: "session.started", memberId: input.memberId });
    return { id, secret: secret.text, ...lives };
  },
  "startLoginSession",
);

/** Ends one session; ending an ended one changes nothing. */
export const endLoginSession = useCase(
  "sign-in",
  async (tx: Tx, input: { id: SessionId; reason: "SIGNED_OUT" | "SINGLE_LOGOUT" | "REVOKED" }): Promise<void> => {
    const memberId = await endSessionRow(tx, input.id, input.reason);
    if (!memberId) return;

    tx.audit({ action: "session.end", target: { kind: "member", id: memberId }, facts: { reason: input.reason } });
    tx.emit({ name: "session.ended", memberId });
  },
  "endLoginSession",
);

/**
 * Marks a suspended or removed member's sessions as ended. Access ended with the suspension already; this keeps the
 * list of open sessions honest.
 */
export const endSessionsOf = useCase(
  "operate",
  async (tx: Tx, input: { memberId: MemberId }): Promise<number> =>
    endSessionsOfMember(tx, input.memberId, "SUSPENDED"),
  "endSessionsOf",
);

/** The refusal of somebody who is suspended or removed. */
export function deactivated(memberId: MemberId): PlenumError {
  return new PlenumError("member_deactivated", "this member is deactivated", { member: publicId("member", memberId) });
}
