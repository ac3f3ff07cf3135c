import { notFound, PlenumError } from "../../kernel/errors";
import { publicId, type MemberId, type SessionId } from "../../kernel/ids";
import type { Caller, Role } from "../../platform/caller";
import type { Tx } from "../../platform/unit-of-work";
import { isAtMost, may, requirePermission, roleOf, useCase } from "../access";
import { getMember } from "../members";
import { endSessionRow, endSessionsOfMember, lockOpenSession } from "./sessions.store";

/**
 * Ends an open session with the commit, on every replica (SAML-87): one's own, or of somebody who is not above.
 * @throws PlenumError `not_found` for one that has ended, and for another member's to whom may not see it; `forbidden`.
 */
export const revokeSession = useCase(
  "sign-in",
  async (tx: Tx, input: { id: SessionId }): Promise<void> => {
    const session = await lockOpenSession(tx, input.id);
    const own = session?.memberId === ownId(tx.caller);
    if (!session || (!own && !may(tx, "member:read"))) throw notFound("session");
    if (!own) requireAbove(tx, session.role);

    await endSessionRow(tx, input.id, "REVOKED");

    announce(tx, session.memberId, { session: publicId("session", input.id) });
  },
  "revokeSession",
);

/**
 * Ends every session of a member: they sign in again wherever they are.
 * @throws PlenumError `not_found`, `forbidden` for somebody above.
 */
export const revokeMemberSessions = useCase(
  "sign-in",
  async (tx: Tx, input: { memberId: MemberId }): Promise<number> => {
    if (input.memberId !== ownId(tx.caller)) {
      requirePermission(tx, "member:write");
      requireAbove(tx, (await getMember(tx, input.memberId)).role);
    }

    const ended = await endSessionsOfMember(tx, input.memberId, "REVOKED");

    if (ended > 0) announce(tx, input.memberId, { sessions: ended });
    return ended;
  },
  "revokeMemberSessions",
);

function ownId(caller: Caller): MemberId | null {
  return caller.kind === "person" || caller.kind === "token" ? caller.memberId : null;
}

// Only an owner touches an owner (billing page D5).
function requireAbove(tx: Tx, role: Role): void {
  requirePermission(tx, "member:write");
  if (!isAtMost(role, roleOf(tx.caller))) {
    throw new PlenumError("forbidden", "an owner's session is ended by an owner", { role });
  }
}

function announce(tx: Tx, memberId: MemberId, facts: Readonly<Record<string, unknown>>): void {
  const target = { kind: "member", id: memberId } as const;
  tx.audit({ action: "session.revoke", target, facts });
  tx.emit({ name: "session.ended", memberId });
}
