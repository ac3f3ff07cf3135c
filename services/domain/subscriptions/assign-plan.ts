import { PlenumError } from "../../kernel/errors";
import type { MemberId } from "../../kernel/ids";
import type { Tx } from "../../platform/unit-of-work";
import { useCase } from "../access";
import { getPlan } from "../catalog";
import { loadOrganization, takeFreePlaceRow } from "../organizations";
import { openLicencesOf, type OpenLicence } from "../seats";
import { giveOption, moveToService } from "./give-licence";
import { endLicence, findService, requireHolder } from "./holder-licences";
import { markFreePlace, type Holder } from "./holders.store";
import { releaseUnsupportedOptions } from "./release-options";
import { listSubscriptionRows } from "./subscriptions.store";

/**
 * Puts a member on a plan, whichever of its pools has room; `free` takes the paid plan away (CTR-06, CTR-08). Nothing
 * that the member owns is deleted. Answers what the member holds.
 * @throws PlenumError `invalid`, `not_found`, `seats_exhausted`, `free_member_limit_reached`, `option_not_available`,
 * `member_not_active`.
 */
export const assignPlan = useCase(
  "seat:assign",
  async (tx: Tx, input: { memberId: MemberId; planCode: string }): Promise<OpenLicence[]> => {
    const holder = await requireHolder(tx, input.memberId);
    const plan = await getPlan(tx, "planCode", input.planCode);
    const held = await openLicencesOf(tx, holder.memberId);
    if (held.some((licence) => licence.planCode === plan.code)) return held;

    const from = {
      planCode: plan.code,
      pool: { by: "plan", code: plan.code } as const,
      exhausted: () => exhausted(tx, plan.code),
    };
    if (plan.isFree) await moveToFreePlan(tx, holder);
    else if (plan.kind === "SERVICE") await moveToService(tx, holder, from);
    else await giveOption(tx, holder.memberId, from);
    return openLicencesOf(tx, holder.memberId);
  },
  "assignPlan",
);

async function moveToFreePlan(tx: Tx, holder: Holder): Promise<void> {
  if (holder.freePlace) return;
  const service = await findService(tx, holder.memberId);
  if (service) await endLicence(tx, holder.memberId, service.subscriptionId, "MANUAL");
  await releaseUnsupportedOptions(tx, [holder.memberId]);
  if (!(await takeFreePlaceRow(tx))) {
    const { freeMemberLimit } = await loadOrganization(tx);
    throw new PlenumError("free_member_limit_reached", "every place of the free plan is taken", {
      limit: freeMemberLimit,
    });
  }
  await markFreePlace(tx, holder.memberId, true);
}

async function exhausted(tx: Tx, planCode: string): Promise<PlenumError> {
  const pools = (await listSubscriptionRows(tx, false)).filter((s) => s.planCode === planCode);
  const used = pools.reduce((n, s) => n + s.used, 0);
  const quantity = pools.reduce((n, s) => n + s.quantity, 0);
  return new PlenumError("seats_exhausted", `No free licence: ${used} of ${quantity} '${planCode}' are in use.`, {
    plan: planCode,
    used,
    quantity,
  });
}
