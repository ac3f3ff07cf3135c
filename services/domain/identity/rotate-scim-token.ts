import { invalid, notFound } from "../../kernel/errors";
import { publicId, type ScimTokenId } from "../../kernel/ids";
import type { Tx } from "../../platform/unit-of-work";
import { useCase } from "../access";
import { createScimToken, type CreatedScimToken } from "./create-scim-token";
import { endScimTokenWithin, lockScimToken } from "./tokens.store";

/** For how long the old token may work beside the new one: the time somebody needs to enter it at the provider. */
export const overlapHoursMax = 30 * 24;
const overlapHoursUsual = 24;

/**
 * Makes another token with the same name, scopes and networks, and lets the old one end after an overlap, at once with
 * none (SCIM-041). The overlap never prolongs a token that expires before.
 * @throws PlenumError `not_found` for one that does not work any more, `invalid`; what `createScimToken` refuses.
 */
export const rotateScimToken = useCase(
  "identity:write",
  async (
    tx: Tx,
    input: { id: ScimTokenId; overlapHours?: number; validDays?: number },
  ): Promise<CreatedScimToken & { readonly previousEndsAt: Date }> => {
    const overlapHours = input.overlapHours ?? overlapHoursUsual;
    if (!Number.isInteger(overlapHours) || overlapHours < 0 || overlapHours > overlapHoursMax) {
      throw invalid("overlapHours", `0 to ${overlapHoursMax} hours`, overlapHours);
    }
    const before = await lockScimToken(tx, input.id);
    if (!before) throw notFound("SCIM token");
    const { name, scopes, ipAllow, connectionId } = before;

    const validDays = input.validDays === undefined ? {} : { validDays: input.validDays };
    const created = await createScimToken(tx, { connectionId, name, scopes, ipAllow, ...validDays });
    const previousEndsAt = await endScimTokenWithin(tx, input.id, overlapHours);

    const facts = { by: publicId("scimToken", created.id), endsAt: previousEndsAt.toISOString() };
    tx.audit({ action: "scim_token.rotate", target: { kind: "scimToken", id: input.id }, facts });
    return { ...created, previousEndsAt };
  },
  "rotateScimToken",
);
