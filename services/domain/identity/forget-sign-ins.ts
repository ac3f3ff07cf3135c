import type { MemberId } from "../../kernel/ids";
import type { Tx } from "../../platform/unit-of-work";
import { useCase } from "../access";
import { deleteLinksOfMember } from "./links.store";
import { deleteSessionsOfMember } from "./sessions.store";

/**
 * Somebody is gone for good: their sessions and links, which name them as the identity provider does, go. Which
 * identity was theirs stays, blocked: it is what keeps them from coming back by signing in (ruling c13). May run twice.
 */
export const forgetSignIns = useCase(
  "operate",
  async (tx: Tx, { event }: { event: { readonly memberId: MemberId } }): Promise<number> =>
    (await deleteSessionsOfMember(tx, event.memberId)) + (await deleteLinksOfMember(tx, event.memberId)),
  "forgetSignIns",
);
