import { notFound } from "../../kernel/errors";
import type { CredentialId } from "../../kernel/ids";
import { deleteCredential, listCredentialRows, type Credential } from "../../platform/lobby";
import type { Tx } from "../../platform/unit-of-work";
import { useCase } from "../access";
import { lockOrganization } from "../organizations";
import { lastBreakGlass } from "./change-exemptions";
import { readEnforcement } from "./enforcement";
import { requireSelf, tell } from "./own-credentials";

/** What one has registered in this organization, without any secret. */
export const listCredentials = useCase(
  "sign-in",
  async (tx: Tx, _input: object): Promise<Credential[]> => {
    const { caller } = tx;
    return caller.kind === "person" && caller.personId ? listCredentialRows(tx, caller.personId) : [];
  },
  "listCredentials",
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
