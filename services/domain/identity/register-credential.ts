import { invalid, notFound, PlenumError } from "../../kernel/errors";
import { newId, type CredentialId, type MemberId, type PersonId, type SessionId } from "../../kernel/ids";
import { parseText } from "../../kernel/text";
import {
  confirmTotpKey,
  deleteCredential,
  findTotpKey,
  insertPasskey,
  insertTotp,
  listCredentialRows,
  listPasskeyIds,
  replaceRecoveryCodes,
  type Credential,
} from "../../platform/lobby";
import type { SealPlace } from "../../platform/tx";
import type { Tx } from "../../platform/unit-of-work";
import { useCase } from "../access";
import { lockOrganization } from "../organizations";
import { refuseBreakGlassSession, requireFreshSession } from "./administrator";
import { insertChallenge, takeChallenge } from "./challenges.store";
import { lastBreakGlass } from "./change-exemptions";
import { readEnforcement } from "./enforcement";
import {
  challengeIn,
  passkeyCreation,
  readRegistration,
  type PasskeyCreation,
  type PasskeyRegistration,
} from "./passkeys";
import { mintRecoveryCodes } from "./recovery-codes";
import { findLoginEmail } from "./sign-in.store";
import { mintTotpSecret, stepOfCode, base32, totpUri } from "./totp";

const credentialsMax = 20;

interface Self {
  readonly memberId: MemberId;
  readonly personId: PersonId;
  readonly sessionId: SessionId;
}

// Nobody registers a key for somebody else, and nobody who came in by one makes the next (SAML-83).
async function requireSelf(tx: Tx): Promise<Self> {
  const { caller } = tx;
  if (caller.kind !== "person" || caller.personId === null) {
    throw new PlenumError("forbidden", "a person registers their own credentials, signed in", {});
  }
  await requireFreshSession(tx);
  await refuseBreakGlassSession(tx);
  const { memberId, personId, sessionId } = caller;
  return { memberId, personId, sessionId };
}

/** What one has registered in this organization, without any secret. */
export const listCredentials = useCase(
  "sign-in",
  async (tx: Tx, _input: object): Promise<Credential[]> => {
    const { caller } = tx;
    return caller.kind === "person" && caller.personId ? listCredentialRows(tx, caller.personId) : [];
  },
  "listCredentials",
);

/** Begins the registration of a passkey: what `navigator.credentials.create` is to be asked. */
export const beginPasskey = useCase(
  "sign-in",
  async (tx: Tx, _input: object): Promise<PasskeyCreation> => {
    const self = await requireSelf(tx);
    const name = (await findLoginEmail(tx, self.memberId)) ?? "owner";
    const known = await listPasskeyIds(tx, self.personId);

    const options = await passkeyCreation(tx, { id: self.personId, name, known });
    await insertChallenge(tx, { purpose: "REGISTER", sessionId: self.sessionId, challenge: options.challenge });
    return options;
  },
  "beginPasskey",
);

/**
 * Ends it with what the browser answered.
 * @throws PlenumError `invalid` where the answer does not prove a key, `duplicate` for a known one.
 */
export const finishPasskey = useCase(
  "sign-in",
  async (tx: Tx, input: { response: PasskeyRegistration; label: string }): Promise<{ id: CredentialId }> => {
    const { personId, sessionId, memberId } = await requireSelf(tx);
    const label = parseText("label", input.label, { max: 80 });
    await requireRoom(tx, personId);
    const clientData: unknown = (input.response as { response?: { clientDataJSON?: unknown } }).response
      ?.clientDataJSON;
    const challenge = typeof clientData === "string" ? challengeIn(clientData) : undefined;
    const fresh = challenge !== undefined && (await takeChallenge(tx, { purpose: "REGISTER", sessionId, challenge }));
    const passkey = fresh ? await readRegistration(tx, input.response, challenge) : undefined;
    if (!passkey) throw invalid("response", "the answer of a passkey to the last question");

    const id = newId("credential");
    await insertPasskey(tx, { ...passkey, id, personId, label });

    tell(tx, "credential.add", memberId, "PASSKEY");
    return { id };
  },
  "finishPasskey",
);

export interface AuthenticatorSetup {
  readonly id: CredentialId;
  /** Shown once, to be typed where no camera is at hand. */
  readonly secret: string;
  /** What the QR code says. */
  readonly uri: string;
}

/** Begins the registration of an authenticator app; it counts once a code of it was shown. */
export const beginAuthenticator = useCase(
  "sign-in",
  async (tx: Tx, input: { label: string }): Promise<AuthenticatorSetup> => {
    const { personId, memberId } = await requireSelf(tx);
    const label = parseText("label", input.label, { max: 80 });
    await requireRoom(tx, personId);

    const id = newId("credential");
    const secret = mintTotpSecret();
    const secretSealed = await tx.instance.keyring.seal(tx, totpPlace(id), secret);
    await insertTotp(tx, { id, personId, label, secretSealed });

    const account = (await findLoginEmail(tx, memberId)) ?? "owner";
    return { id, secret: base32(secret), uri: totpUri(secret, account) };
  },
  "beginAuthenticator",
);

/**
 * Ends it with a code of the app; answers the recovery codes, shown once. An authenticator alone opens nothing: each
 * break-glass sign-in takes a recovery code with it (ruling 8).
 * @throws PlenumError `invalid` for a wrong code, `not_found` where none waits.
 */
export const finishAuthenticator = useCase(
  "sign-in",
  async (tx: Tx, input: { code: string }): Promise<{ id: CredentialId; recoveryCodes: readonly string[] }> => {
    const { personId, memberId } = await requireSelf(tx);
    const waiting = await findTotpKey(tx, personId, false);
    if (!waiting) throw notFound("authenticator");
    const secret = await tx.instance.keyring.open(tx, totpPlace(waiting.id), waiting.secretSealed);
    const step = stepOfCode(secret, input.code, tx.now);
    if (step === undefined) throw invalid("code", "the six digits that the app shows now");

    if (!(await confirmTotpKey(tx, personId, waiting.id, step))) throw notFound("authenticator");
    const recoveryCodes = await renewCodes(tx, personId);

    tell(tx, "credential.add", memberId, "TOTP");
    return { id: waiting.id, recoveryCodes };
  },
  "finishAuthenticator",
);

/** Makes new recovery codes, shown once; the old ones stop working. */
export const renewRecoveryCodes = useCase(
  "sign-in",
  async (tx: Tx, _input: object): Promise<{ recoveryCodes: readonly string[] }> => {
    const { personId, memberId } = await requireSelf(tx);
    if (!(await findTotpKey(tx, personId, true))) throw notFound("authenticator");

    const recoveryCodes = await renewCodes(tx, personId);

    tell(tx, "credential.renew_recovery_codes", memberId, "RECOVERY");
    return { recoveryCodes };
  },
  "renewRecoveryCodes",
);

/**
 * Forgets a credential of one's own.
 * @throws PlenumError `conflict` for the last one that could break the glass while single sign-on is required.
 */
export const removeCredential = useCase(
  "sign-in",
  async (tx: Tx, input: { id: CredentialId }): Promise<void> => {
    const { personId, memberId } = await requireSelf(tx);
    await lockOrganization(tx);
    const before = await readEnforcement(tx);
    const kind = await deleteCredential(tx, personId, input.id);
    if (!kind) throw notFound("credential");
    const after = await readEnforcement(tx);
    if (before.policy === "REQUIRED" && before.base.breakGlass && !after.base.breakGlass) throw lastBreakGlass();

    tell(tx, "credential.remove", memberId, kind);
  },
  "removeCredential",
);

/** Where an authenticator's secret is sealed for. */
export function totpPlace(id: CredentialId): SealPlace {
  return { table: "person_credential", column: "secret_enc", rowId: id };
}

async function renewCodes(tx: Tx, personId: PersonId): Promise<readonly string[]> {
  const codes = mintRecoveryCodes();
  await replaceRecoveryCodes(tx, personId, codes);
  return codes.map((code) => code.text);
}

async function requireRoom(tx: Tx, personId: PersonId): Promise<void> {
  const kept = (await listCredentialRows(tx, personId)).filter((credential) => credential.kind !== "RECOVERY");
  if (kept.length >= credentialsMax) {
    throw new PlenumError("conflict", `at most ${credentialsMax} credentials`, { max: credentialsMax });
  }
}

function tell(tx: Tx, action: string, memberId: MemberId, kind: string): void {
  tx.audit({ action, target: { kind: "member", id: memberId }, facts: { kind } });
}
