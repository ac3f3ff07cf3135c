import { PlenumError } from "../../kernel/errors";
import type { MemberId } from "../../kernel/ids";
import type { Tx } from "../../platform/unit-of-work";
import { loadOrganization, takeFreePlaceRow } from "../organizations";
import { defaultPoolFacts, findFreePool, openLicencesOf, waitForSeat } from "../seats";
import { expandPool } from "./expand-pool";
import { giveOption, moveToService } from "./give-licence";
import { endLicence, findService, requireHolder } from "./holder-licences";
import { markFreePlace } from "./holders.store";
import { giveFreePlaces } from "./pool-end.store";
import { releaseUnsupportedOptions } from "./release-options";
import { listSubscriptionRows } from "./subscriptions.store";

/** How a member came to a plan that somebody else chose for them. */
export type PlanMove = "MOVED" | "WAITING" | "KEPT";

/**
 * Moves a member to a seat of a plan under the organization's policy (decision 7): where none is free, it is refused, or
 * the member keeps what they have and stands in the line for that plan, or a seat is bought, or they keep what they have.
 * @throws PlenumError `seats_exhausted`; `member_not_active`.
 */
export async function moveToPlan(tx: Tx, input: { memberId: MemberId; planCode: string }): Promise<PlanMove> {
  const { memberId, planCode } = input;
  const holder = await requireHolder(tx, memberId);
  const pool = (await findFreePool(tx, planCode)) ?? (await makeRoom(tx, planCode));
  if (pool) {
    await moveToService(tx, holder, {
      pool: { by: "subscription", id: pool },
      exhausted: () => exhausted(tx, planCode),
    });
    return "MOVED";
  }
  const { seatPolicy } = await loadOrganization(tx);
  switch (seatPolicy) {
    case "waitlist":
      await waitForSeat(tx, memberId, "SCIM", planCode);
      return "WAITING";
    case "free":
      if (holder.freePlace || (await findService(tx, memberId))) return "KEPT";
      if (!(await takeFreePlaceRow(tx))) throw await exhausted(tx, planCode);
      await markFreePlace(tx, memberId, true);
      return "KEPT";
    default:
      throw await exhausted(tx, planCode);
  }
}

// The ceiling is one for the default pool, so only that one is bought for (decision 7).
async function makeRoom(tx: Tx, planCode: string): Promise<Awaited<ReturnType<typeof findFreePool>>> {
  const { seatPolicy, expandCeiling } = await loadOrganization(tx);
  if (seatPolicy !== "expand" || (await defaultPoolFacts(tx))?.planCode !== planCode) return undefined;
  return (await expandPool(tx, { ceiling: expandCeiling })) ? findFreePool(tx, planCode) : undefined;
}

/**
 * Takes a member off a plan and gives back what they had before it, where that is free, else a seat of the default plan,
 * else a free place; nobody is refused their leaving.
 */
export async function moveBack(
  tx: Tx,
  input: { memberId: MemberId; planCode: string; before: string | null },
): Promise<void> {
  const { memberId, planCode, before } = input;
  const holder = await requireHolder(tx, memberId);
  const usual = before === null || before === "free" ? undefined : (await defaultPoolFacts(tx))?.planCode;
  const pool =
    usual === undefined || before === null
      ? undefined
      : ((await findFreePool(tx, before)) ?? (usual === planCode ? undefined : await findFreePool(tx, usual)));
  if (pool) {
    await moveToService(tx, holder, {
      pool: { by: "subscription", id: pool },
      exhausted: () => exhausted(tx, planCode),
    });
    return;
  }
  const service = await findService(tx, memberId);
  if (service) await endLicence(tx, memberId, service.subscriptionId, "MANUAL");
  await releaseUnsupportedOptions(tx, [memberId]);
  await giveFreePlaces(tx, [memberId]);
}

/**
 * Gives an option beside the member's service; `KEPT` where the service does not come with it, or none is free and the
 * policy does not refuse.
 * @throws PlenumError `seats_exhausted` under the policies that refuse.
 */
export async function addOption(tx: Tx, input: { memberId: MemberId; planCode: string }): Promise<PlanMove> {
  const { memberId, planCode } = input;
  await requireHolder(tx, memberId);
  try {
    const pool = await findFreePool(tx, planCode);
    if (!pool) {
      const { seatPolicy } = await loadOrganization(tx);
      if (seatPolicy === "waitlist" || seatPolicy === "free") return "KEPT";
      throw await exhausted(tx, planCode);
    }
    const option = { planCode, pool: { by: "subscription", id: pool } as const };
    await giveOption(tx, memberId, { ...option, exhausted: () => exhausted(tx, planCode) });
    return "MOVED";
  } catch (error) {
    // Asked before anything is written.
    if (error instanceof PlenumError && error.code === "option_not_available") return "KEPT";
    throw error;
  }
}

/** Ends what a member holds of an option's pools; not holding any is no error. */
export async function dropOption(tx: Tx, input: { memberId: MemberId; planCode: string }): Promise<void> {
  const held = await openLicencesOf(tx, input.memberId);
  for (const { subscriptionId, planCode } of held) {
    if (planCode === input.planCode) await endLicence(tx, input.memberId, subscriptionId, "MANUAL");
  }
}

async function exhausted(tx: Tx, planCode: string): Promise<PlenumError> {
  const pools = (await listSubscriptionRows(tx, false)).filter((s) => s.planCode === planCode);
  const used = pools.reduce((n, s) => n + s.used, 0);
  const quantity = pools.reduce((n, s) => n + s.quantity, 0);
  const facts = { plan: planCode, used, quantity };
  return new PlenumError("seats_exhausted", `No free licence: ${used} of ${quantity} '${planCode}' are in use.`, facts);
}
