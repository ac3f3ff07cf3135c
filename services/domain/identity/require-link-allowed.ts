import { PlenumError } from "../../kernel/errors";
import type { MemberId } from "../../kernel/ids";
import type { Tx } from "../../platform/unit-of-work";
import { readEnforcement } from "./enforcement";
import { areTokensExempt, findEnforcementRow, isExemptMember } from "./enforcement.store";

/** Whether this member may come in without their identity provider's word (SAML-82). */
export async function mayUseLink(tx: Tx, memberId: MemberId): Promise<boolean> {
  // Nearly every organization asks one question only.
  const { policy, paused } = await findEnforcementRow(tx);
  if (policy !== "REQUIRED" || paused) return true;
  return (await isExemptMember(tx, memberId)) || !(await readEnforcement(tx)).inForce;
}

/** @throws PlenumError `sso_refused`, reason `sso_required`. */
export async function requireLinkAllowed(tx: Tx, memberId: MemberId): Promise<void> {
  if (!(await mayUseLink(tx, memberId))) throw ssoRequired();
}

/**
 * API tokens are a way in beside single sign-on too: they work while it is required only where that was switched on.
 * @throws PlenumError `sso_refused`, reason `sso_required`.
 */
export async function requireTokenAllowed(tx: Tx): Promise<void> {
  if (!(await areTokensExempt(tx)) && (await readEnforcement(tx)).inForce) throw ssoRequired();
}

/** The refusal of a way in beside single sign-on. */
export function ssoRequired(): PlenumError {
  return new PlenumError("sso_refused", "this organization requires single sign-on", { reason: "sso_required" });
}
