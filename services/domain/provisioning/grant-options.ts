import { invalid, PlenumError } from "../../kernel/errors";
import type { MemberId } from "../../kernel/ids";
import type { Tx } from "../../platform/unit-of-work";
import { getPlan, listPlans } from "../catalog";
import { assignPlan, dropOption } from "../subscriptions";

/** Codes of options before and after a change. */
export interface OptionsWish {
  readonly before: readonly string[];
  readonly after: readonly string[];
}

/**
 * Gives and takes the options that an identity provider names (SCIM-063): those that went are dropped first, so that
 * their units can be given again; what it never named is left alone.
 * @throws PlenumError `invalid` naming the options that there are; `option_not_available`, `seats_exhausted`.
 */
export async function grantOptions(tx: Tx, memberId: MemberId, { before, after }: OptionsWish): Promise<void> {
  for (const code of before.filter((one) => !after.includes(one))) await dropOption(tx, { memberId, planCode: code });
  for (const code of after.filter((one) => !before.includes(one))) {
    if ((await getPlan(tx, "licenceOptions", code)).kind !== "OPTION") {
      throw invalid("licenceOptions", await optionCodesOf(tx), code);
    }
    await assignPlan(tx, { memberId, planCode: code });
  }
}

/** The same for somebody who comes back: what there is no more of is told, and keeps nobody out (ruling c8). */
export async function restoreOptions(tx: Tx, memberId: MemberId, codes: readonly string[]): Promise<string[]> {
  const missing: string[] = [];
  for (const code of codes) {
    try {
      await grantOptions(tx, memberId, { before: [], after: [code] });
    } catch (error) {
      // Refused before anything was written: the member's other licences stand.
      if (!(error instanceof PlenumError) || !bearable.has(error.code)) throw error;
      missing.push(`the option ${JSON.stringify(code.slice(0, 80))} could not be given back`);
    }
  }
  return missing;
}

const bearable: ReadonlySet<string> = new Set(["seats_exhausted", "option_not_available", "invalid"]);

async function optionCodesOf(tx: Tx): Promise<string> {
  const plans = await listPlans(tx);
  return plans.flatMap((plan) => (plan.kind === "OPTION" ? [plan.code] : [])).join(", ");
}

/** The options that a member's stored attributes name. */
export function storedOptions(rest: Readonly<Record<string, unknown>>): readonly string[] {
  const stored = rest["licenceOptions"];
  return Array.isArray(stored) ? stored.filter((code): code is string => typeof code === "string") : [];
}
