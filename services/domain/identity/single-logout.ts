import { createHash } from "node:crypto";
import type { ConnectionId } from "../../kernel/ids";
import type { Tx } from "../../platform/unit-of-work";
import { useCase } from "../access";
import type { NameIdFact } from "./assertion-facts";
import { endLoginSession } from "./login-sessions";
import {
  endSessionsOfName,
  findSamlSession,
  finishLogoutRequest,
  insertLogoutRequest,
  rememberMessage,
} from "./logout.store";
import { shortHash } from "./refuse-sign-in";
import { findSamlConnection, type SamlConnection } from "./saml-connection";

/** What the identity provider is to be told after the session here has ended. */
export interface LogoutToSend {
  readonly connection: SamlConnection;
  readonly nameId: NameIdFact;
  readonly sessionIndex: string | null;
}

/**
 * Signs out here first, whatever the identity provider will say; where it takes part in single logout, a request to it
 * is noted and described (SAML-90).
 */
export const beginLogout = useCase(
  "sign-in",
  async (tx: Tx, input: { requestId: string; relayState: string }): Promise<LogoutToSend | undefined> => {
    if (tx.caller.kind !== "person") return undefined;
    const session = await findSamlSession(tx, tx.caller.sessionId);
    await endLoginSession(tx, { id: tx.caller.sessionId, reason: "SIGNED_OUT" });
    const connection = session && (await findSamlConnection(tx, session.connectionId));
    if (!session || !connection?.sloUrl || connection.samlState === "DISABLED") return undefined;
    if (!connection.keys.some((key) => key.use === "SIGNING" && key.status === "ACTIVE")) return undefined;

    await insertLogoutRequest(tx, { connectionId: connection.id, ...input });
    return { connection, nameId: session.nameId, sessionIndex: session.sessionIndex };
  },
  "beginLogout",
);

export interface NamedLogout {
  readonly connectionId: ConnectionId;
  readonly messageId: string;
  readonly replayableUntil: Date;
  readonly nameId: NameIdFact;
  readonly sessionIndexes: readonly string[];
}

/**
 * Ends the sessions that the identity provider names, of this connection only. The same message a second time ends
 * nothing more and is answered alike, so that nobody learns from the answer (SAML-91, SAML-A78).
 */
export const acceptLogout = useCase(
  "sign-in",
  async (tx: Tx, input: NamedLogout): Promise<{ ended: number }> => {
    const { connectionId, nameId, sessionIndexes } = input;
    const hash = createHash("sha256").update("logout|").update(input.messageId).digest();
    if (!(await rememberMessage(tx, connectionId, hash, input.replayableUntil))) return { ended: 0 };
    const name = { key: nameId.value, format: nameId.format, sessionIndexes };
    const members = await endSessionsOfName(tx, connectionId, name);

    tx.audit({
      action: "sso.logout",
      target: { kind: "connection", id: connectionId },
      facts: { nameId: shortHash(nameId.value), sessions: members.length, message: shortHash(input.messageId) },
    });
    for (const memberId of new Set(members)) tx.emit({ name: "session.ended", memberId });
    return { ended: members.length };
  },
  "acceptLogout",
);

/** Takes the answer to a logout request of ours; false when none waits for it. */
export const finishLogout = useCase(
  "sign-in",
  async (tx: Tx, input: { connectionId: ConnectionId; inResponseTo: string; complete: boolean }): Promise<boolean> => {
    const { connectionId, inResponseTo, complete } = input;
    if (!(await finishLogoutRequest(tx, connectionId, inResponseTo))) return false;
    const facts = { complete, request: shortHash(inResponseTo) };
    tx.audit({ action: "sso.logout_finished", target: { kind: "connection", id: connectionId }, facts });
    return true;
  },
  "finishLogout",
);
