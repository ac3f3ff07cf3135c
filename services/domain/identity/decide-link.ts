import { notFound, PlenumError } from "../../kernel/errors";
import { publicId, type IdentityLinkId } from "../../kernel/ids";
import { keepMail } from "../../platform/lobby";
import type { Tx } from "../../platform/unit-of-work";
import { isAtMost, roleOf, useCase } from "../access";
import { loadOrganization } from "../organizations";
import { requireFreshSession } from "./administrator";
import { linkedLetter } from "./link.mail";
import { holdConnection, linkIdentity, type LinkObstacle } from "./link-identity";
import { connectionOfLink, decideLink, lockLink, lockLinkMember, type IdentityLink } from "./links.store";

/**
 * An administrator agrees that an identity is the member's, who is told and signs in by it from then on. One that was
 * rejected may be approved while it stands. Only an owner decides about an owner: whoever runs the identity provider
 * could else take their place (SAML-62).
 * @throws PlenumError `not_found`, `forbidden`, `conflict` with what has made the link void.
 */
export const approveIdentityLink = useCase(
  "identity:write",
  async (tx: Tx, input: { id: IdentityLinkId }): Promise<void> => {
    await requireFreshSession(tx);
    const connectionId = await connectionOfLink(tx, input.id);
    if (!connectionId) throw notFound("identity link");
    const connection = await holdConnection(tx, connectionId);
    const link = await lockLink(tx, input.id);
    if (!link) throw notFound("identity link");
    if (link.policy !== "ADMIN") throw conflict("policy_changed");
    const member = await requireAbove(tx, link);

    const obstacle = await linkIdentity(tx, connection, link, "ADMINISTRATOR");
    if (obstacle) throw conflict(obstacle);
    const { name, locale } = await loadOrganization(tx);
    const letter = linkedLetter(locale, { organization: name, link: connection.urls.loginUrl });
    if (member?.loginEmail) await keepMail(tx, { to: member.loginEmail, ...letter }, null);
  },
  "approveIdentityLink",
);

/**
 * An administrator refuses an identity: until the link has run out, signing in by it says so.
 * @throws PlenumError `not_found`, `forbidden`, `conflict` for one that is linked or has run out.
 */
export const rejectIdentityLink = useCase(
  "identity:write",
  async (tx: Tx, input: { id: IdentityLinkId }): Promise<void> => {
    await requireFreshSession(tx);
    const link = await lockLink(tx, input.id);
    if (!link) throw notFound("identity link");
    await requireAbove(tx, link);
    if (link.status === "REJECTED") return;
    if (link.expired || link.status === "LINKED") throw conflict(link.expired ? "expired" : "decided");

    await decideLink(tx, link.id, "REJECTED");
    tx.audit({
      action: "sso.link.reject",
      target: { kind: "member", id: link.memberId },
      facts: { link: publicId("identityLink", link.id), connection: link.connectionId },
    });
  },
  "rejectIdentityLink",
);

async function requireAbove(tx: Tx, link: IdentityLink) {
  const member = await lockLinkMember(tx, link);
  if (member && !isAtMost(member.role, roleOf(tx.caller))) {
    throw new PlenumError("forbidden", "an owner decides about an owner's identity", { role: member.role });
  }
  return member;
}

function conflict(obstacle: LinkObstacle): PlenumError {
  return new PlenumError("conflict", "this identity can no longer be linked", { field: "linkId", reason: obstacle });
}
