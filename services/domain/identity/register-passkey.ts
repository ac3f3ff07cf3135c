import { invalid } from "../../kernel/errors";
import { newId, type CredentialId } from "../../kernel/ids";
import { parseText } from "../../kernel/text";
import { insertPasskey, listPasskeyIds } from "../../platform/lobby";
import type { Tx } from "../../platform/unit-of-work";
import { useCase } from "../access";
import { insertChallenge, takeChallenge } from "./challenges.store";
import { requireRoom, requireSelf, tell } from "./own-credentials";
import {
  challengeIn,
  passkeyCreation,
  readRegistration,
  type PasskeyCreation,
  type PasskeyRegistration,
} from "./passkeys";
import { findLoginEmail } from "./sign-in.store";

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
