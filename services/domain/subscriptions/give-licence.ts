import { PlenumError } from "../../kernel/errors";
import type { MemberId, SubscriptionId } from "../../kernel/ids";
import type { Tx } from "../../platform/unit-of-work";
import { getPlan } from "../catalog";
import { stopWaiting, tryTakeLicence, type PoolChoice } from "../seats";
import { endLicence, findService, leaveFreePlan } from "./holder-licences";
import type { Holder } from "./holders.store";
import { releaseUnsupportedOptions } from "./release-options";
import { lockSubscriptions } from "./subscriptions.store";

/**
 * Moves a locked member to a seat of a pool: the old licence ends and the new one begins in one transaction, so nobody
 * is ever without (SUB-18). Options that the new service does not list end with the old one.
 * @throws the given refusal when no unit is free; nothing was changed then.
 */
export async function moveToService(
  tx: Tx,
  holder: Holder,
  to: { pool: PoolChoice; exhausted: () => Promise<PlenumError> },
): Promise<void> {
  const { memberId } = holder;
  const current = await findService(tx, memberId);
  if (current) {
    await lockBoth(tx, current.subscriptionId, to.pool);
    await endLicence(tx, memberId, current.subscriptionId, "REPLACED");
  }
  const taken = await tryTakeLicence(tx, { memberId, from: to.pool, origin: "MANUAL" });
  if (!taken) throw await to.exhausted();
  await stopWaiting(tx, memberId);
  await leaveFreePlan(tx, holder);
  await releaseUnsupportedOptions(tx, [memberId]);
}

// Two members who change places would else wait for each other.
async function lockBoth(tx: Tx, from: SubscriptionId, to: PoolChoice): Promise<void> {
  if (to.by === "subscription") await lockSubscriptions(tx, [from, to.id]);
}

/**
 * Gives a member an option beside their service.
 * @throws PlenumError `option_not_available` where the member's service does not list it (SUB-09); the given refusal
 * when no unit is free.
 */
export async function giveOption(
  tx: Tx,
  memberId: MemberId,
  option: { planCode: string; pool: PoolChoice; exhausted: () => Promise<PlenumError> },
): Promise<void> {
  const service = await findService(tx, memberId);
  const listed = service ? (await getPlan(tx, "planCode", service.planCode)).options : [];
  if (!listed.includes(option.planCode)) {
    throw new PlenumError("option_not_available", "the member's service does not come with this option", {
      option: option.planCode,
      service: service?.planCode ?? null,
    });
  }
  const taken = await tryTakeLicence(tx, { memberId, from: option.pool, origin: "MANUAL" });
  if (!taken) throw await option.exhausted();
}
