import { createHash } from "node:crypto";
import { notFound } from "../../kernel/errors";
import type { ConnectionId, IdentityLinkId } from "../../kernel/ids";
import type { Tx } from "../../platform/unit-of-work";
import { useCase } from "../access";
import { loadOrganization } from "../organizations";
import type { AssertionFacts } from "./assertion-facts";
import { followAssertion } from "./follow-assertion";
import { hashOfCode, openOutcome } from "./kept-outcome";
import { startLoginSession, type StartedSession } from "./login-sessions";
import { memberOfAssertion } from "./member-of-assertion";
import { readPerson } from "./read-person";
import { shortHash } from "./refuse-sign-in";
import { requireLiveConnection } from "./require-sso";
import { defaultLanding, safeReturnPath } from "./return-path";
import { findSamlConnection, type SamlConnection } from "./saml-connection";
import { certificateStatuses } from "./saml-connections.store";
import { ssoRefused } from "./sso-refusals";
import { consumeOutcome, consumeUnaskedOutcome, offerOutcome, outcomeWaits } from "./sso-outcomes.store";
import { waitForLink } from "./wait-for-link";

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

/** A sign-in that goes no further until a member or an administrator has spoken (SAML-62). */
export interface WaitingSignIn {
  readonly waiting: IdentityLinkId;
}

/**
 * The second half of a sign-in, in the browser that began it: the code is spent, and identity, member, seat and login
 * session come into being together (ruling 11). A refusal takes all of it back, the code included.
 * @throws PlenumError with the refusal's own code, or `sso_refused` with a reason.
 */
export const completeSignIn = useCase(
  "sign-in",
  async (tx: Tx, input: CompleteSignIn): Promise<CompletedSignIn | WaitingSignIn> => {
    const { connectionId } = input;
    const codeHash = hashOfCode(input.code);
    // Without a cookie nothing can match: the hash of a secret is never that of nothing.
    const key = { connectionId, codeHash, browserHash: input.browserHash ?? createHash("sha256").digest() };
    const outcome = await consumeOutcome(tx, key);
    if (!outcome) throw await whyNot(tx, connectionId, codeHash);
    const { facts, relayState } = await openOutcome(tx, codeHash, outcome.factsSealed);
    // A RelayState that is not the one we sent was put there by somebody else: it chooses no page (SAML-A79).
    const isOurs = relayState === null || relayState === outcome.relayState;
    const returnPath = isOurs ? outcome.returnPath : defaultLanding;
    return enter(tx, connectionId, facts, { hash: key.browserHash, returnPath });
  },
  "completeSignIn",
);

/** What a person is asked before an unsolicited sign-in goes on. */
export interface OfferedSignIn {
  readonly person: string;
  readonly organization: string;
}

/**
 * Shows who an unsolicited response would sign in, and ties it to the browser that asks; nothing for codes that stand
 * for something else. A foreign page can post somebody's response here, but it cannot press the button (SAML-56).
 */
export const offerSignIn = useCase(
  "sign-in",
  async (
    tx: Tx,
    input: { connectionId: ConnectionId; code: string; browserHash: Buffer },
  ): Promise<OfferedSignIn | undefined> => {
    const codeHash = hashOfCode(input.code);
    const offered = await offerOutcome(tx, { ...input, codeHash });
    if (!offered) return undefined;
    const connection = await liveConnection(tx, input.connectionId);
    const { facts } = await openOutcome(tx, codeHash, offered.factsSealed);
    const { displayName, email } = readPerson(facts, connection.mapping);
    const { name } = await loadOrganization(tx);
    return { person: displayName ?? email?.asGiven ?? facts.nameId.value, organization: name };
  },
  "offerSignIn",
);

/** Completes an unsolicited sign-in after the person said yes. The deep link is one of ours or none. */
export const confirmSignIn = useCase(
  "sign-in",
  async (
    tx: Tx,
    input: { connectionId: ConnectionId; code: string; browserHash: Buffer },
  ): Promise<CompletedSignIn | WaitingSignIn> => {
    const { connectionId } = input;
    const codeHash = hashOfCode(input.code);
    const outcome = await consumeUnaskedOutcome(tx, { ...input, codeHash });
    if (!outcome) throw await whyNot(tx, connectionId, codeHash);
    const { facts, relayState } = await openOutcome(tx, codeHash, outcome.factsSealed);
    const returnPath = safeReturnPath(relayState ?? undefined);
    return enter(tx, connectionId, facts, { hash: input.browserHash, returnPath });
  },
  "confirmSignIn",
);

async function whyNot(tx: Tx, connectionId: ConnectionId, codeHash: Buffer) {
  return (await outcomeWaits(tx, connectionId, codeHash))
    ? ssoRefused("browser_mismatch", "another browser began this sign-in")
    : ssoRefused("outcome_unknown", "this sign-in has been completed or has expired");
}

async function liveConnection(tx: Tx, id: ConnectionId): Promise<SamlConnection> {
  const connection = await findSamlConnection(tx, id);
  if (!connection) throw notFound("connection");
  requireLiveConnection(connection);
  return connection;
}

// Up to a minute lies between the verdict and this moment: what it rested on must still stand (SAML-A105). A certificate
// retired meanwhile was a good one when it vouched; refusing it would fail a sign-in in every rotation (SAML-15).
async function requireSameTrust(tx: Tx, connection: SamlConnection, { issuer, signed }: AssertionFacts): Promise<void> {
  if (issuer === connection.idpEntityId) {
    if (connection.certificates.some(({ sha256 }) => sha256 === signed.certificate)) return;
    const known = await certificateStatuses(tx, connection.id);
    if (known.some(({ sha256, status }) => sha256 === signed.certificate && status === "RETIRED")) return;
  }
  throw ssoRefused("trust_changed", "the identity provider's entity id or certificate has changed meanwhile");
}

async function enter(
  tx: Tx,
  connectionId: ConnectionId,
  facts: AssertionFacts,
  browser: { readonly hash: Buffer; readonly returnPath: string },
): Promise<CompletedSignIn | WaitingSignIn> {
  const connection = await liveConnection(tx, connectionId);
  await requireSameTrust(tx, connection, facts);
  const { nameId } = facts;
  const person = readPerson(facts, connection.mapping);
  const found = await memberOfAssertion(tx, connection, facts.issuer, nameId.value, person);
  if (found.effect === "LINK_NEEDED") return { waiting: await waitForLink(tx, connection, found, browser) };
  await followAssertion(tx, connection, found, person);
  const { memberId, effect } = found;
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
      request: facts.inResponseTo === null ? null : shortHash(facts.inResponseTo),
      context: facts.authnContext,
      certificate: facts.signed.certificate,
      warnings: facts.warnings,
      session: session.id,
      effect,
    },
  });
  return { session, returnPath: browser.returnPath };
}
