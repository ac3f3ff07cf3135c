import { createHash } from "node:crypto";
import { instant } from "../../kernel/clock";
import { notFound } from "../../kernel/errors";
import type { ConnectionId } from "../../kernel/ids";
import type { Tx } from "../../platform/unit-of-work";
import { useCase } from "../access";
import { hashOfCode, outcomePlace, type KeptOutcome } from "./accept-assertion";
import type { AssertionFacts } from "./assertion-facts";
import { startLoginSession, type StartedSession } from "./login-sessions";
import { memberOfAssertion } from "./member-of-assertion";
import { readPerson } from "./read-person";
import { shortHash } from "./refuse-sign-in";
import { requireLiveConnection } from "./require-sso";
import { defaultLanding } from "./return-path";
import { findSamlConnection } from "./saml-connection";
import { ssoRefused } from "./sso-refusals";
import { consumeOutcome, outcomeWaits, type Outcome } from "./sso.store";

export interface CompleteSignIn {
  readonly connectionId: ConnectionId;
  readonly code: string;
  /** SHA-256 of the cookie that was set when this browser asked; nothing where it came without. */
  readonly browserHash: Buffer | undefined;
}

export interface CompletedSignIn {
  readonly session: StartedSession;
  readonly returnPath: string;
}

/**
 * The second half of a sign-in, in the browser that began it: the code is spent, and identity, member, seat and login
 * session come into being together (ruling 11). A refusal takes all of it back, the code included.
 * @throws PlenumError with the refusal's own code, or `sso_refused` with a reason.
 */
export const completeSignIn = useCase(
  "sign-in",
  async (tx: Tx, input: CompleteSignIn): Promise<CompletedSignIn> => {
    const { connectionId } = input;
    const codeHash = hashOfCode(input.code);
    const outcome = await take(tx, connectionId, codeHash, input.browserHash);
    const connection = await findSamlConnection(tx, connectionId);
    if (!connection) throw notFound("connection");
    requireLiveConnection(connection);
    const kept = await open(tx, codeHash, outcome);
    const { facts } = kept;
    const person = readPerson(facts, connection.mapping);

    const { nameId } = facts;
    const { memberId, effect } = await memberOfAssertion(tx, connection, facts.issuer, nameId.value, person);
    const session = await startLoginSession(tx, {
      memberId,
      method: "SAML",
      connectionId,
      nameIdKey: nameId.value,
      nameId: { ...nameId },
      authAt: facts.authnInstant,
      ...(facts.sessionIndex === null ? {} : { sessionIndex: facts.sessionIndex }),
      ...(facts.authnContext === null ? {} : { authContext: facts.authnContext }),
      ...(facts.sessionNotOnOrAfter === null ? {} : { endsAt: facts.sessionNotOnOrAfter }),
    });

    tx.audit({
      action: "sso.sign_in",
      target: { kind: "member", id: memberId },
      facts: {
        connection: connectionId,
        idpEntityId: facts.issuer,
        nameId: shortHash(nameId.value),
        assertion: shortHash(facts.assertionId),
        request: shortHash(facts.inResponseTo ?? ""),
        context: facts.authnContext,
        certificate: facts.signed.certificate,
        warnings: facts.warnings,
        session: session.id,
        effect,
      },
    });
    // A RelayState that is not the one we sent was put there by somebody else: it chooses no page (SAML-A79).
    const isOurs = kept.relayState === null || kept.relayState === outcome.relayState;
    return { session, returnPath: isOurs ? outcome.returnPath : defaultLanding };
  },
  "completeSignIn",
);

async function take(tx: Tx, id: ConnectionId, codeHash: Buffer, browser: Buffer | undefined): Promise<Outcome> {
  const browserHash = browser ?? createHash("sha256").digest();
  const outcome = browser && (await consumeOutcome(tx, { connectionId: id, codeHash, browserHash }));
  if (outcome) return outcome;
  throw (await outcomeWaits(tx, id, codeHash))
    ? ssoRefused("browser_mismatch", "another browser began this sign-in")
    : ssoRefused("outcome_unknown", "this sign-in has been completed or has expired");
}

async function open(tx: Tx, codeHash: Buffer, outcome: Outcome): Promise<KeptOutcome> {
  const text = (await tx.instance.keyring.open(tx, outcomePlace(codeHash), outcome.factsSealed)).toString("utf8");
  const kept = JSON.parse(text) as KeptOutcome;
  return { ...kept, facts: withDates(kept.facts) };
}

// JSON has no dates.
function withDates(facts: AssertionFacts): AssertionFacts {
  const end = facts.sessionNotOnOrAfter;
  return {
    ...facts,
    authnInstant: instant(String(facts.authnInstant)),
    replayableUntil: instant(String(facts.replayableUntil)),
    sessionNotOnOrAfter: end === null ? null : instant(String(end)),
  };
}
