import type { MemberId } from "../../kernel/ids";
import type { Tx } from "../../platform/unit-of-work";
import { useCase } from "../access";
import { removeMember } from "../members";
import { forgetLinks } from "./links.store";

/**
 * Removes a member on behalf of an identity provider (SCIM-170).
 * @throws PlenumError `not_found`, `last_owner`, `stale_version`.
 */
export const deprovisionMember = useCase(
  "member:write",
  async (tx: Tx, input: { id: MemberId; ifVersion?: string }): Promise<void> => {
    await removeMember(tx, input);
    await forgetLinks(tx, "MEMBER", input.id);
  },
  "deprovisionMember",
);
