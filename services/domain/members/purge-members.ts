import type { Tx } from "../../platform/unit-of-work";
import { useCase } from "../access";
import { eraseMembers, lockPurgeable, nextPurge } from "./purge.store";

const batch = 200;

/**
 * Erases who was removed and cannot be brought back any more: name, addresses, everything that was known of them. Other
 * modules hear of it and erase what they keep. Answers when there is something to erase again (SCIM-171, NFR-08).
 */
export const purgeMembers = useCase(
  "operate",
  async (tx: Tx, _input: object): Promise<Date | null> => {
    const ids = await lockPurgeable(tx, batch);
    if (ids.length > 0) await eraseMembers(tx, ids);

    for (const id of ids) {
      tx.audit({ action: "member.purge", target: { kind: "member", id } });
      tx.emit({ name: "member.purged", memberId: id });
    }
    return ids.length === batch ? tx.now : nextPurge(tx);
  },
  "purgeMembers",
);
