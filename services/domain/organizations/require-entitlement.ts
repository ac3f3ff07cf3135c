import { PlenumError } from "../../kernel/errors";
import type { Tx } from "../../platform/unit-of-work";
import { useCase } from "../access";
import { findEntitlement, insertGrant, syncEntitlements } from "./entitlements.store";
import { loadOrganization } from "./find-organization";
import type { Organization } from "./organization";

export type Feature =
  "sso" | "crm" | "managed_event_types" | "group_events" | "certificates" | "responses_per_event_type";

/** Whether the organization has a feature: the union of its pools, add-ons and grants (ruling 7). */
export async function hasEntitlement(tx: Tx, feature: Feature): Promise<boolean> {
  return BigInt((await findEntitlement(tx, feature))?.value ?? 0) > 0n;
}

/** @throws PlenumError `entitlement_required` naming the feature. */
export async function requireEntitlement(tx: Tx, feature: Feature): Promise<void> {
  if (!(await hasEntitlement(tx, feature))) {
    throw new PlenumError("entitlement_required", `the plan of this organization does not include ${feature}`, {
      feature,
    });
  }
}

/**
 * Refuses where the organization is suspended, closing or closed; its owners may still pay and read (ruling c11).
 * @throws PlenumError `organization_suspended`.
 */
export async function requireLiveOrganization(tx: Tx): Promise<Organization> {
  const organization = await loadOrganization(tx);
  const { status } = organization;
  if (status !== "ACTIVE") {
    throw new PlenumError("organization_suspended", `this organization is ${status.toLowerCase()}`, { status });
  }
  return organization;
}

/** Gives a feature beside the plan: staff and operator only, audited (rulings 2, 10). */
export const grantEntitlement = useCase(
  "operate",
  async (tx: Tx, input: { feature: Feature; reason: string }): Promise<void> => {
    const fresh = await insertGrant(tx, input.feature, input.reason, tx.caller.kind);
    if (!fresh) return;

    await syncEntitlements(tx);

    tx.audit({ action: "entitlement.grant", target: { kind: "organization", id: tx.orgId }, facts: { ...input } });
  },
  "grantEntitlement",
);
