import { PlenumError } from "../../kernel/errors";
import type { MemberId } from "../../kernel/ids";
import type { Tx } from "../../platform/unit-of-work";
import { listPlans } from "../catalog";
import { assignPlan, dropOption } from "../subscriptions";

/** Codes of options before and after a change. */
export interface OptionsWish {
  readonly before: readonly string[];
  readonly after: readonly string[];
}

/**
 * Gives and takes the options that an identity provider names (SCIM-063): those that went are dropped first, so that
 * their units can be given again; what it never named is left alone. A code that is no option's is kept by the client's
 * wish, not given, and told, as an unknown role is (SCIM-186).
 * @throws PlenumError `option_not_available` beside the member's service; `seats_exhausted`.
 */
export async function grantOptions(tx: Tx, memberId: MemberId, { before, after }: OptionsWish): Promise<string[]> {
  const gone = before.filter((code) => !after.includes(code));
  const fresh = after.filter((code) => !before.includes(code));
  if (gone.length + fresh.length === 0) return [];
  const known = await optionCodes(tx);
  for (const code of gone) if (known.has(code)) await dropOption(tx, { memberId, planCode: code });
  for (const code of fresh) if (known.has(code)) await assignPlan(tx, { memberId, planCode: code });
  const strange = fresh.filter((code) => !known.has(code));
  return strange.map(
    (code) => `${shown(code)} is no option; stored, not given; there are ${[...known].sort().join(", ")}`,
  );
}

/** The same for somebody who comes back: what there is no more of is told, and keeps nobody out (ruling c8). */
export async function restoreOptions(tx: Tx, memberId: MemberId, codes: readonly string[]): Promise<string[]> {
  const warnings: string[] = [];
  for (const code of codes) {
    try {
      warnings.push(...(await grantOptions(tx, memberId, { before: [], after: [code] })));
    } catch (error) {
      // Refused before anything was written: the member's other licences stand.
      if (!(error instanceof PlenumError) || !bearable.has(error.code)) throw error;
      warnings.push(`the option ${shown(code)} could not be given back`);
    }
  }
  return warnings;
}

const bearable: ReadonlySet<string> = new Set(["seats_exhausted", "option_not_available"]);
const shown = (code: string): string => JSON.stringify(code.slice(0, 80));

async function optionCodes(tx: Tx): Promise<ReadonlySet<string>> {
  const plans = await listPlans(tx);
  return new Set(plans.flatMap((plan) => (plan.kind === "OPTION" ? [plan.code] : [])));
}

/** The options that a member's stored attributes name. */
export function storedOptions(rest: Readonly<Record<string, unknown>>): readonly string[] {
  const stored = rest["licenceOptions"];
  return Array.isArray(stored) ? stored.filter((code): code is string => typeof code === "string") : [];
}
