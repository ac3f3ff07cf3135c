import type { MemberId } from "../../kernel/ids";
import type { Tx } from "../../platform/unit-of-work";
import { useCase } from "../access";
import { deleteSessionsOfMember } from "./sessions.store";

/**
 * Somebody is gone for good: their sessions, which name them as the identity provider does, go. Which identity was
 * theirs stays, blocked: it is what keeps them from coming back by signing in (ruling c13). May run twice.
 */
export const forgetSignIns = useCase(
  "operate",
  async (tx: Tx, { event }: { event: { readonly memberId: MemberId } }): Promise<number> =>
    deleteSessionsOfMember(tx, event.memberId),
  "forgetSignIns",
);
