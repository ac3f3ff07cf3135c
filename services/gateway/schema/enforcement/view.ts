import type { DryRunReport, Enforcement, EnforcementBase } from "../../../domain/identity";
import { publicId } from "../../../kernel/ids";
import type { SsoEnforcementNode } from "./node";

const needs: Readonly<Record<keyof EnforcementBase, string>> = {
  entitlement: "ENTITLEMENT",
  connection: "CONNECTION",
  domain: "DOMAIN",
  breakGlass: "BREAK_GLASS",
};

/** Enforcement as this door shows it. */
export function enforcementShown({ policy, paused, inForce, base }: Enforcement): SsoEnforcementNode {
  const missing = (Object.keys(needs) as (keyof EnforcementBase)[]).filter((key) => !base[key]);
  return { policy, isPaused: paused, isInForce: inForce, missing: missing.map((key) => needs[key]) };
}

/** Those who could not sign in, as this door shows them. */
export function lockedOutShown(report: DryRunReport): { readonly key: string; readonly node: object }[] {
  return report.lockedOut.map(({ memberId, ...shown }) => ({
    key: memberId,
    node: { memberId: publicId("member", memberId), ...shown },
  }));
}
