import type { MemberId } from "../../kernel/ids";
import type { Tx } from "../../platform/unit-of-work";
import { useCase } from "../access";
import { deletePersonalOf } from "./forget.store";

/**
 * Somebody is gone for good: the log keeps that they were changed, when and by whom, and no longer what to. The chain
 * holds, because it is made over digests of these values (SEC-51). May run twice.
 */
export const forgetSubject = useCase(
  "operate",
  async (tx: Tx, { event }: { event: { readonly memberId: MemberId } }): Promise<number> =>
    deletePersonalOf(tx, event.memberId),
  "forgetSubject",
);
