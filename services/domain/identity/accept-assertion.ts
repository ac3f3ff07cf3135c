import { createHash, randomBytes } from "node:crypto";
import type { ConnectionId } from "../../kernel/ids";
import type { Tx } from "../../platform/unit-of-work";
import { useCase } from "../access";
import type { AssertionFacts } from "./assertion-facts";
import { ssoRefused, type SsoReason } from "./sso-refusals";
import { acceptRow, lookAtRequest } from "./sso.store";

export interface AcceptAssertion {
  readonly connectionId: ConnectionId;
  /** The snapshot whose certificates and settings the verdict rests on. */
  readonly version: string;
  readonly facts: AssertionFacts;
  /** What the identity provider sent back; whether it is ours shows at completion. */
  readonly relayState: string | null;
}

/** What is kept between the consumer service and completion, sealed. */
export interface KeptOutcome {
  readonly facts: AssertionFacts;
  readonly relayState: string | null;
}

/**
 * Takes a verified assertion in: the request is consumed, the assertion entered into the replay list and the outcome
 * kept for 60 s under a code, in one transaction and with nothing else (ruling 11): no member, no seat, no session,
 * because the browser is not proved yet. Answers nothing when the connection has changed since the snapshot.
 * @throws PlenumError `sso_refused` with the reason.
 */
export const acceptAssertion = useCase(
  "sign-in",
  async (tx: Tx, input: AcceptAssertion): Promise<{ code: string } | undefined> => {
    const { connectionId, version, facts, relayState } = input;
    const requestId = facts.inResponseTo;
    if (requestId === null) throw ssoRefused("request_unknown", "nobody asked for this sign-in");
    const code = randomBytes(16).toString("base64url");
    const codeHash = hashOfCode(code);
    const assertionHash = createHash("sha256").update(facts.assertionId).digest();
    const kept: KeptOutcome = { facts, relayState };
    const factsSealed = await tx.instance.keyring.seal(tx, outcomePlace(codeHash), JSON.stringify(kept));
    const { replayableUntil } = facts;
    const row = { connectionId, version, requestId, assertionHash, replayableUntil, codeHash, factsSealed };
    const outcome = await acceptRow(tx, row);
    if (outcome.kept) return { code };
    if (!outcome.live) return undefined;

    const reason = outcome.taken ? "replayed" : await whyNotTaken(tx, connectionId, requestId, assertionHash);
    throw ssoRefused(reason, "this sign-in was asked for by nobody, or has been answered before");
  },
  "acceptAssertion",
);

async function whyNotTaken(tx: Tx, id: ConnectionId, requestId: string, assertionHash: Buffer): Promise<SsoReason> {
  const request = await lookAtRequest(tx, id, requestId, assertionHash);
  if (request.replayed) return "replayed";
  if (request.status === null || request.purpose !== "LOGIN") return "request_unknown";
  if (request.status === "BURNT") return "request_burnt";
  return request.status === "CONSUMED" ? "request_used" : "request_expired";
}

/** What is stored of a one-time code. */
export function hashOfCode(code: string): Buffer {
  return createHash("sha256").update(code).digest();
}

/** Where an outcome is sealed for. */
export function outcomePlace(codeHash: Buffer) {
  return { table: "sso_outcome", column: "facts_enc", rowId: codeHash.toString("hex") };
}
