import { PlenumError } from "../../kernel/errors";
import { publicId, type MemberId, type SubscriptionId } from "../../kernel/ids";
import type { Tx } from "../../platform/unit-of-work";
import type { LicenceOrigin, TakenLicence } from "./seat";
import { defaultPoolFacts } from "./pools.store";
import { takeDefaultUnit, takeNamedUnit, takeUnitOfPlan } from "./take.store";
import { deleteWait } from "./wait.store";

/** From which pool: the default one, a named one, or any of a plan. */
export type PoolChoice = { by: "default" } | { by: "subscription"; id: SubscriptionId } | { by: "plan"; code: string };

/**
 * Takes one licence for a member, or answers nothing when none is free. THE function through which every door takes a
 * seat: one statement is the row lock, the question and the answer (decision 5); a CHECK is the second wall.
 */
export async function tryTakeLicence(
  tx: Tx,
  input: { memberId: MemberId; from: PoolChoice; origin: LicenceOrigin },
): Promise<TakenLicence | undefined> {
  const { memberId, from, origin } = input;
  const taken =
    from.by === "default"
      ? await takeDefaultUnit(tx, memberId, origin)
      : from.by === "subscription"
        ? await takeNamedUnit(tx, memberId, origin, from.id)
        : await takeUnitOfPlan(tx, memberId, origin, from.code);
  if (!taken) return undefined;

  tx.audit({
    action: "seat.take",
    target: { kind: "member", id: memberId },
    facts: { subscription: publicId("subscription", taken.subscriptionId), plan: taken.planCode, origin },
  });
  tx.emit({ name: "seat.taken", memberId, subscriptionId: taken.subscriptionId });
  return taken;
}

/**
 * The same, refusing when none is free.
 * @throws PlenumError `seats_exhausted` with the plan, and how many are used and bought.
 */
export async function takeLicence(
  tx: Tx,
  input: { memberId: MemberId; from: PoolChoice; origin: LicenceOrigin },
): Promise<TakenLicence> {
  const taken = await tryTakeLicence(tx, input);
  if (!taken) throw await seatsExhausted(tx);
  await deleteWait(tx, input.memberId);
  return taken;
}

/** The refusal with the facts that a person needs in order to act (SCIM-185). */
export async function seatsExhausted(tx: Tx): Promise<PlenumError> {
  const pool = await defaultPoolFacts(tx);
  const facts = pool ? { plan: pool.planCode, used: pool.used, quantity: pool.quantity } : {};
  const count = pool
    ? `${pool.used} of ${pool.quantity} '${pool.planCode}' seats are in use`
    : "there is no default subscription";
  return new PlenumError("seats_exhausted", `No free seat: ${count}.`, facts);
}
