import { PlenumError } from "../../kernel/errors";
import type { MemberId } from "../../kernel/ids";
import type { Tx } from "../../platform/unit-of-work";
import { useCase } from "../access";
import { changeMember } from "./change-member";
import type { Member } from "./member";

/**
 * Makes another active member an owner and the present one an admin, in one step (ruling 8).
 * @throws PlenumError `forbidden`, `member_not_active`, `not_found`.
 */
export const transferOwnership = useCase(
  "owner:transfer",
  async (tx: Tx, input: { from: MemberId; to: MemberId }): Promise<{ from: Member; to: Member }> => {
    if (input.from === input.to) throw new PlenumError("conflict", "ownership goes to somebody else", {});
    // First the promotion: the organization has an owner at every moment; crossing transfers deadlock and are retried.
    const to = await changeMember(tx, { id: input.to, changes: [{ kind: "grantRole", role: "OWNER" }] });
    const from = await changeMember(tx, { id: input.from, changes: [{ kind: "grantRole", role: "ADMIN" }] });
    return { from: from.member, to: to.member };
  },
  "transferOwnership",
);
