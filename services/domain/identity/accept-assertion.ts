import { createHash, randomBytes } from "node:crypto";
import type { ConnectionId } from "../../kernel/ids";
import type { Tx } from "../../platform/unit-of-work";
import { useCase } from "../access";
import type { AssertionFacts } from "./assertion-facts";
import { hashOfCode, sealOutcome } from "./kept-outcome";
import { acceptRow, acceptUnaskedRow } from "./sso-acceptance.store";
import { ssoRefused, type SsoReason } from "./sso-refusals";
import { lookAtRequest, type SsoPurpose } from "./sso-requests.store";

export interface AcceptAssertion {
  readonly connectionId: ConnectionId;
  /** The snapshot whose certificates and settings the verdict rests on. */
  readonly version: string;
  readonly facts: AssertionFacts;
  /** What the identity provider sent back; whether it is ours shows at completion. */
  readonly relayState: string | null;
}

/**
 * Takes a verified assertion in: the request is consumed, the assertion entered into the replay list and the outcome
 * kept for 60 s under a code, in one transaction and with nothing else (ruling 11): no member, no seat, no session,
 * because the browser is not proved yet. Answers nothing when the connection has changed since the snapshot, and
 * `trial` where an administrator waits for the answer: that is no sign-in (SAML-A82).
 * @throws PlenumError `sso_refused` with the reason.
 */
export const acceptAssertion = useCase(
  "sign-in",
  async (tx: Tx, input: AcceptAssertion): Promise<{ code: string } | "trial" | undefined> => {
    const { connectionId, version, facts, relayState } = input;
    const requestId = facts.inResponseTo;
    const code = randomBytes(16).toString("base64url");
    const codeHash = hashOfCode(code);
    const assertionHash = createHash("sha256").update(facts.assertionId).digest();
    const factsSealed = await sealOutcome(tx, codeHash, { facts, relayState });
    const { replayableUntil } = facts;
    const row = { connectionId, version, assertionHash, replayableUntil, codeHash, factsSealed };
    const outcome =
      requestId === null
        ? { taken: true, ...(await acceptUnaskedRow(tx, row)) }
        : await acceptRow(tx, { ...row, requestId, authnInstant: facts.authnInstant });
    if (outcome.kept) return { code };
    if (!outcome.live) return undefined;

    const isReplay = outcome.taken || requestId === null;
    const reason = isReplay ? "replayed" : await whyNotTaken(tx, connectionId, requestId, assertionHash);
    if (reason === "trial") return reason;
    throw ssoRefused(reason, "this sign-in was asked for by nobody, or has been answered before");
  },
  "acceptAssertion",
);

async function whyNotTaken(
  tx: Tx,
  id: ConnectionId,
  requestId: string,
  assertionHash: Buffer,
): Promise<SsoReason | "trial"> {
  const request = await lookAtRequest(tx, id, requestId, assertionHash);
  if (request.replayed) return "replayed";
  if (request.purpose === "TEST" && request.status === "PENDING" && !request.expired) return "trial";
  if (request.status === null || !signsIn(request.purpose)) return "request_unknown";
  if (request.status === "BURNT") return "request_burnt";
  if (request.status === "CONSUMED") return "request_used";
  // It waits still, so it was the instant: the identity provider did not ask the person again (SAML-46).
  return request.purpose === "REAUTH" && !request.expired ? "authn_too_long_ago" : "request_expired";
}

const signsIn = (purpose: SsoPurpose | null): boolean => purpose === "LOGIN" || purpose === "REAUTH";
