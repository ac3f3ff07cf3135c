import { notFound, PlenumError } from "../../kernel/errors";
import { publicId, type MemberId } from "../../kernel/ids";
import type { Tx } from "../../platform/unit-of-work";
import { useCase } from "../access";
import { blockIdentityRows, lockAnyMember, releaseIdentityRows } from "./blocked-identities.store";

/** Keeps out whom an identity provider deleted: their next sign-in makes nobody, also long after (ruling c13). */
export async function keepOut(tx: Tx, memberId: MemberId): Promise<void> {
  await blockIdentityRows(tx, memberId);
}

/**
 * Lets somebody whom an identity provider deleted sign in again, as a new member: what they were stays deleted. Answers
 * whether anything kept them out.
 * @throws PlenumError `not_found`; `conflict` while the member is there.
 */
export const allowReturn = useCase(
  "identity:write",
  async (tx: Tx, input: { memberId: MemberId }): Promise<boolean> => {
    const { memberId } = input;
    const member = await lockAnyMember(tx, memberId);
    if (!member) throw notFound("member");
    if (member.status !== "REMOVED") {
      throw new PlenumError("conflict", "only somebody who was removed can be let back in; this member is there", {
        field: "memberId",
        member: publicId("member", memberId),
        status: member.status,
      });
    }

    const released = await releaseIdentityRows(tx, memberId);
    if (released === 0) return false;

    tx.audit({ action: "sign-in.allow-return", target: { kind: "member", id: memberId }, subjectId: memberId });
    return true;
  },
  "allowReturn",
);
