import { PlenumError } from "../../kernel/errors";
import { publicId } from "../../kernel/ids";
import type { Tx } from "../../platform/unit-of-work";
import { findHolders } from "./holders.store";
import type { Subscription } from "./subscription";

const holdersShown = 100;

/**
 * The refusal of a change that would leave fewer units than are held, naming who holds them: the first hundred, so that
 * an administrator can act (DEC-11).
 */
export async function seatsInUse(tx: Tx, s: Subscription, requested: number): Promise<PlenumError> {
  const holders = await findHolders(tx, s.id, { after: null, limit: holdersShown });
  return new PlenumError("seats_in_use", `${s.used} of these licences are in use, release some first`, {
    subscription: publicId("subscription", s.id),
    used: s.used,
    requested,
    holders: holders.map((id) => publicId("member", id)),
  });
}
