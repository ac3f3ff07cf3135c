import { invalid, notFound } from "../../kernel/errors";
import { newId, type CredentialId, type PersonId } from "../../kernel/ids";
import { parseText } from "../../kernel/text";
import { confirmTotpKey, findTotpKey, insertTotp, replaceRecoveryCodes } from "../../platform/lobby";
import type { SealPlace } from "../../platform/tx";
import type { Tx } from "../../platform/unit-of-work";
import { useCase } from "../access";
import { requireRoom, requireSelf, tell } from "./own-credentials";
import { mintRecoveryCodes } from "./recovery-codes";
import { findLoginEmail } from "./sign-in.store";
import { mintTotpSecret, stepOfCode, base32, totpUri } from "./totp";

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

/** Where an authenticator's secret is sealed for. */
export function totpPlace(id: CredentialId): SealPlace {
  return { table: "person_credential", column: "secret_enc", rowId: id };
}

async function renewCodes(tx: Tx, personId: PersonId): Promise<readonly string[]> {
  const codes = mintRecoveryCodes();
  await replaceRecoveryCodes(tx, personId, codes);
  return codes.map((code) => code.text);
}
