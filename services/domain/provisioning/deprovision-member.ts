import type { MemberId } from "../../kernel/ids";
import type { Tx } from "../../platform/unit-of-work";
import { useCase } from "../access";
import { keepOut } from "../identity";
import { removeMember } from "../members";
import { rememberMore, snapshotOf } from "./guard.store";
import { forgetLinks } from "./links.store";
import type { Provisioner } from "./provisioned";
import { watchDeprovisioning } from "./watch-deprovisioning";

/**
 * Removes a member on behalf of an identity provider (SCIM-170).
 * @throws PlenumError `not_found`, `last_owner`, `stale_version`, `mass_deprovision_guard`.
 */
export const deprovisionMember = useCase(
  "member:write",
  async (tx: Tx, input: { by: Provisioner; id: MemberId; ifVersion?: string }): Promise<void> => {
    const { by, ...removal } = input;
    const before = await snapshotOf(tx, input.id);
    await removeMember(tx, removal);
    await Promise.all([forgetLinks(tx, "MEMBER", input.id), keepOut(tx, input.id)]);
    if (!before) return;
    // Whoever was suspended has left before: what ends now is only remembered for them.
    const leaving = { memberId: input.id, before };
    if (before.status === "SUSPENDED") await rememberMore(tx, leaving);
    else await watchDeprovisioning(tx, by.connectionId, [leaving]);
  },
  "deprovisionMember",
);
