import type { MemberId, SubscriptionId } from "../../../services/kernel/ids";
import { getSubscription, listSubscriptions, type Subscription } from "../../../services/domain/subscriptions";
import { driftedPools } from "../../../services/domain/seats";
import { sql, statement } from "../../../services/platform/sql";
import { PlenumError } from "../../../services/kernel/errors";
import type { TestOrg } from "../../support/world";

/** The organization's only pool of a plan. */
export async function poolOf(org: TestOrg, planCode = "teams"): Promise<Subscription> {
  const pools = await org.run((tx) => listSubscriptions(tx, {}));
  const found = pools.filter((pool) => pool.planCode === planCode);
  if (found.length !== 1) throw new Error(`${found.length} pools of ${planCode}`);
  return found[0] as Subscription;
}

export const reload = (org: TestOrg, id: SubscriptionId): Promise<Subscription> =>
  org.run((tx) => getSubscription(tx, { id }));

/** The refusal of a promise. */
export async function refusal(work: Promise<unknown>): Promise<PlenumError> {
  try {
    await work;
  } catch (error) {
    if (error instanceof PlenumError) return error;
    throw error;
  }
  throw new Error("nothing was refused");
}

/** INV-01: no counter differs from its open licences. */
export const drift = (org: TestOrg): Promise<unknown[]> => org.run((tx) => driftedPools(tx));

const audits = statement(
  "test-audits",
  `select action, facts from audit_entry where org_id = $1 and target_id = $2 order by at, id`,
);
const freePlace = statement(
  "test-free-place",
  `select free_place as "freePlace" from member where org_id = $1 and id = $2`,
);

/** The history of one subscription (SUB-13). */
export const historyOf = (org: TestOrg, id: string): Promise<{ action: string; facts: Record<string, unknown> }[]> =>
  org.run((tx) => sql(tx).many<{ action: string; facts: Record<string, unknown> }>(audits, [tx.orgId, id]));

export const hasFreePlace = async (org: TestOrg, id: MemberId): Promise<boolean> =>
  (await org.run((tx) => sql(tx).one<{ freePlace: boolean }>(freePlace, [tx.orgId, id]))).freePlace;
