import { PlenumError } from "../../kernel/errors";
import { readEmail } from "../../kernel/email";
import type { MemberId, OrgId, PersonId } from "../../kernel/ids";
import { foldKey } from "../../kernel/text";
import type { Origin } from "../../platform/caller";
import {
  countHit,
  findInDirectory,
  findPasskeyRow,
  findTotpKey,
  spendRecoveryCode,
  usePasskeyRow,
  useTotpStep,
} from "../../platform/lobby";
import type { Database, Tx } from "../../platform/unit-of-work";
import { publicOf, useCase } from "../access";
import { findByLoginEmail } from "../members";
import { insertChallenge, takeChallenge } from "./challenges.store";
import { listBreakGlassOwners } from "./enforcement.store";
import { startLoginSession, type StartedSession } from "./login-sessions";
import { challengeIn, passkeyRequest, readAssertion, type PasskeyAssertion, type PasskeyRequest } from "./passkeys";
import { hashOfRecoveryCode } from "./recovery-codes";
import { totpPlace } from "./register-authenticator";
import { findLoginEmail } from "./sign-in.store";
import { syncEnforcement } from "./sync-enforcement";
import { tellAdministrators } from "./tell-administrators";
import { stepOfCode } from "./totp";

/** How long a break-glass session lasts at most (SAML-83). */
export const breakGlassMinutes = 60;

/** How an owner proves themselves: a passkey, or a code of the authenticator with a recovery code. */
export type BreakGlassProof =
  | { readonly kind: "passkey"; readonly response: PasskeyAssertion }
  | { readonly kind: "codes"; readonly email: string; readonly code: string; readonly recoveryCode: string };

const windowSeconds = 600;
const triesPerAddressMax = 20;
// No lower: whoever could use up an organization's tries from outside could keep its owners out. A guess is hopeless
// anyway, a passkey signs and a recovery code has 120 random bits.
const triesPerOrganizationMax = 1_000;
const alertEverySeconds = 3_600;
// The tenant of nobody: a valid id under which no row stands.
const nowhere = "00000000-0000-7000-8000-000000000000" as OrgId;

/**
 * The question to a passkey, the same shape for organizations that there are and those that there are not.
 * @throws PlenumError `rate_limited`.
 */
export async function beginBreakGlass(
  db: Database,
  input: { organization: string },
  origin: Origin,
): Promise<PasskeyRequest> {
  const orgId = await admit(db, input.organization, origin);
  // An unknown name gets a question too; its challenge stands nowhere, so that no answer fits.
  return db.run(publicOf(orgId ?? nowhere, origin), async (tx) => {
    const request = await passkeyRequest(tx);
    if (orgId) await insertChallenge(tx, { purpose: "SIGN_IN", sessionId: null, challenge: request.challenge });
    return request;
  });
}

/**
 * Lets an owner who is listed for break-glass in, for an hour, past the identity provider, the state of the connection
 * and enforcement (SAML-83). All owners are told; a refusal is told as well, once an hour.
 * @throws PlenumError `sso_refused`, one answer for every kind of failure; `rate_limited`.
 */
export async function breakGlass(
  db: Database,
  input: { organization: string; proof: BreakGlassProof },
  origin: Origin,
): Promise<StartedSession & { orgId: OrgId }> {
  const orgId = await admit(db, input.organization, origin);
  if (!orgId) throw refused();
  const caller = publicOf(orgId, origin);
  try {
    const session = await db.run(caller, (tx) => signInByBreakGlass(tx, input.proof));
    return { ...session, orgId };
  } catch (error) {
    if (error instanceof PlenumError && error.code === "sso_refused") {
      const isNews = (await countHit(db, `break-glass-alert/${orgId}`, alertEverySeconds)) === 1;
      await db.run(caller, (tx) => noteRefusal(tx, input.proof.kind, isNews));
    }
    throw error;
  }
}

/** The same inside the organization; `breakGlass` counts the tries and tells of failures. */
export const signInByBreakGlass = useCase(
  "sign-in",
  async (tx: Tx, proof: BreakGlassProof): Promise<StartedSession> => {
    const personId = proof.kind === "passkey" ? await byPasskey(tx, proof.response) : await byCodes(tx, proof);
    const owner = (await listBreakGlassOwners(tx)).find((candidate) => candidate.personId === personId);
    if (!owner) throw refused();

    const session = await startLoginSession(tx, {
      memberId: owner.memberId,
      method: "BREAK_GLASS",
      validMinutes: breakGlassMinutes,
      authContext: proof.kind,
    });
    // The last recovery code may have gone with it.
    await syncEnforcement(tx);

    await announce(tx, owner.memberId, proof.kind);
    return session;
  },
  "signInByBreakGlass",
);

async function byPasskey(tx: Tx, response: PasskeyAssertion): Promise<PersonId> {
  const { id, challenge } = partsOf(response);
  const passkey = challenge === undefined ? undefined : await findPasskeyRow(tx, id);
  if (!passkey || challenge === undefined) throw refused();
  if (!(await takeChallenge(tx, { purpose: "SIGN_IN", sessionId: null, challenge }))) throw refused();
  const signCount = await readAssertion(tx, response, challenge, passkey);
  if (signCount === undefined || !(await usePasskeyRow(tx, passkey, signCount))) throw refused();
  return passkey.personId;
}

// The browser's answer is typed by its standard, not by whoever posts it.
function partsOf(answer: unknown): { id: string; challenge: string | undefined } {
  const { id, response } = answer as { id?: unknown; response?: { clientDataJSON?: unknown } | null };
  const clientData = response?.clientDataJSON;
  const challenge = typeof clientData === "string" ? challengeIn(clientData) : undefined;
  return { id: typeof id === "string" ? id.slice(0, 1_400) : "", challenge };
}

// Both are spent or neither: a refusal rolls back.
async function byCodes(tx: Tx, proof: Extract<BreakGlassProof, { kind: "codes" }>): Promise<PersonId> {
  const email = readEmail(proof.email);
  const holder = email && (await findByLoginEmail(tx, email.norm));
  const owner = holder && (await listBreakGlassOwners(tx)).find((candidate) => candidate.memberId === holder.id);
  const totp = owner && (await findTotpKey(tx, owner.personId, true));
  if (!owner || !totp) throw refused();
  const secret = await tx.instance.keyring.open(tx, totpPlace(totp.id), totp.secretSealed);
  const step = stepOfCode(secret, proof.code, tx.now);
  if (step === undefined || !(await useTotpStep(tx, owner.personId, totp.id, step))) throw refused();
  if (!(await spendRecoveryCode(tx, owner.personId, hashOfRecoveryCode(proof.recoveryCode)))) throw refused();
  return owner.personId;
}

async function announce(tx: Tx, memberId: MemberId, by: string): Promise<void> {
  const { ip } = tx.caller.origin;
  const facts = { severity: "high", by, minutes: breakGlassMinutes };
  tx.audit({ action: "break_glass.use", target: { kind: "member", id: memberId }, facts });
  tx.emit({ name: "break_glass.used", memberId });
  const who = (await findLoginEmail(tx, memberId)) ?? "an owner";
  await tellAdministrators(tx, "break_glass_used", { who, ip: ip ?? "?" }, ["OWNER"]);
}

async function noteRefusal(tx: Tx, by: string, isNews: boolean): Promise<void> {
  tx.audit({
    action: "break_glass.use",
    target: { kind: "organization", id: tx.orgId },
    facts: { severity: "high", by },
    result: "DENIED",
  });
  tx.emit({ name: "break_glass.refused" });
  const ip = tx.caller.origin.ip ?? "?";
  if (isNews) await tellAdministrators(tx, "break_glass_refused", { ip }, ["OWNER"]);
}

async function admit(db: Database, organization: string, origin: Origin): Promise<OrgId | undefined> {
  const entry = await findInDirectory(db, "ORG_SLUG", foldKey(organization.trim()).slice(0, 100));
  const perAddress = await countHit(db, `break-glass/${origin.ip ?? ""}`, windowSeconds);
  const perOrganization = await countHit(db, `break-glass/org/${entry?.orgId ?? organization}`, windowSeconds);
  if (perAddress > triesPerAddressMax || perOrganization > triesPerOrganizationMax) {
    throw new PlenumError("rate_limited", "too many tries; try again in ten minutes", {});
  }
  return entry?.orgId;
}

function refused(): PlenumError {
  return new PlenumError("sso_refused", "this does not open the emergency access", { reason: "break_glass_refused" });
}
