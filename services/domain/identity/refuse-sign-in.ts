import { createHash } from "node:crypto";
import type { ConnectionId } from "../../kernel/ids";
import type { Tx } from "../../platform/unit-of-work";
import { useCase } from "../access";
import { markNotice } from "./notices.store";
import { failRequest } from "./sso-requests.store";
import { tellAdministrators } from "./tell-administrators";

export interface RefusedSignIn {
  readonly connectionId: ConnectionId;
  /** The closed vocabulary of the SAML door. */
  readonly code: string;
  readonly expected?: string;
  readonly received?: string;
  /** What the message claims, unproved: bounded, hashed where it could be an identity. */
  readonly requestId: string | null;
  readonly issuer: string | null;
  readonly certificate: string | null;
}

/**
 * What a refused response leaves behind: a line in the audit log, and one failure on the request it claims to answer;
 * the fifth burns that request, so that nobody can go on trying (SAML-47, SAML-100).
 */
export const refuseSignIn = useCase(
  "sign-in",
  async (tx: Tx, input: RefusedSignIn): Promise<void> => {
    const { connectionId, code, expected, received, requestId, issuer, certificate } = input;
    const burnt = requestId !== null && (await failRequest(tx, connectionId, requestId));
    tx.audit({
      action: "sso.refuse",
      result: "DENIED",
      target: { kind: "connection", id: connectionId },
      facts: {
        code,
        ...(expected === undefined ? {} : { expected: oneLine(expected) }),
        ...(received === undefined ? {} : { received: oneLine(received) }),
        issuer: issuer === null ? null : oneLine(issuer),
        certificate,
        request: requestId === null ? null : shortHash(requestId),
        burnt,
      },
    });
    if (seatless.has(code)) await tellOfSeats(tx, connectionId);
  },
  "refuseSignIn",
);

const seatless: ReadonlySet<string> = new Set(["seats_exhausted", "free_member_limit_reached"]);

// On the morning of a new team twenty people come at once: those who can add seats hear of it once that day (SAML-66).
async function tellOfSeats(tx: Tx, connectionId: ConnectionId): Promise<void> {
  const today = tx.now.toISOString().slice(0, 10);
  if (await markNotice(tx, connectionId, `seats_full:${today}`)) await tellAdministrators(tx, "seats_full", {});
}

/** A foreign text as one harmless line: no control characters, no escape sequences, bounded (SAML-A96). */
export function oneLine(text: string): string {
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g, "\u00b7").slice(0, 300);
}

/** Enough of a hash to recognise the same thing again, not enough to learn what it is. */
export function shortHash(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 16);
}
