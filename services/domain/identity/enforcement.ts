import type { MemberId } from "../../kernel/ids";
import { personsAbleToBreakGlass } from "../../platform/lobby";
import type { Tx } from "../../platform/unit-of-work";
import { findEnforcementRow, listBreakGlassOwners, type SsoPolicy } from "./enforcement.store";

export type { SsoPolicy } from "./enforcement.store";

/** What enforcement stands on. Where one is missing it does not bind: nobody is locked out by a broken lock (SAML-84). */
export interface EnforcementBase {
  readonly entitlement: boolean;
  readonly connection: boolean;
  readonly domain: boolean;
  readonly breakGlass: boolean;
}

export interface Enforcement {
  readonly policy: SsoPolicy;
  /** Somebody has seen that the base is lost and the owners were told. */
  readonly paused: boolean;
  readonly base: EnforcementBase;
  /** Whether members must come through single sign-on at this moment. */
  readonly inForce: boolean;
  readonly breakGlassOwners: readonly MemberId[];
}

/**
 * Enforcement as it holds at this moment. Computed from what it stands on and not only from the flag: suspending the
 * last break-glass owner, in whatever module, lets the others in again with the same commit.
 */
export async function readEnforcement(tx: Tx): Promise<Enforcement> {
  const row = await findEnforcementRow(tx);
  const owners = await listBreakGlassOwners(tx);
  const able = await personsAbleToBreakGlass(
    tx,
    owners.map((owner) => owner.personId),
  );
  const breakGlassOwners = owners.filter((owner) => able.has(owner.personId)).map((owner) => owner.memberId);
  const { policy, paused, entitlement, connection, domain } = row;
  const base = { entitlement, connection, domain, breakGlass: breakGlassOwners.length > 0 };
  const inForce = policy === "REQUIRED" && !paused && isWhole(base);
  return { policy, paused, base, inForce, breakGlassOwners };
}

/** Whether everything is there that enforcement stands on. */
export function isWhole(base: EnforcementBase): boolean {
  return base.entitlement && base.connection && base.domain && base.breakGlass;
}
