import type { MemberId } from "../../kernel/ids";
import type { Tx } from "../../platform/unit-of-work";
import { useCase } from "../access";
import { deleteEventTypesOfMember } from "./purged.store";

/** Somebody is gone for good: what they offered goes with them, and the paths that led to it. May run twice. */
export const onMemberPurged = useCase(
  "operate",
  async (tx: Tx, { event }: { event: { readonly memberId: MemberId } }): Promise<number> =>
    deleteEventTypesOfMember(tx, event.memberId),
  "onMemberPurged",
);
