import { readEmail } from "../../kernel/email";
import { notFound } from "../../kernel/errors";
import { publicId, type ConnectionId } from "../../kernel/ids";
import type { Tx } from "../../platform/unit-of-work";
import { lockConnection } from "./connections.store";
import { waitingPolicy } from "./link-policy";
import { decideLink, lockLinkMember, type IdentityLink, type LinkMember } from "./links.store";
import { shortHash } from "./refuse-sign-in";
import { requireLiveConnection } from "./require-sso";
import { findSamlConnection, type SamlConnection } from "./saml-connection";
import { linkIdentityRow } from "./sso-identities.store";
import { trustOfDomain } from "./trust-domain";

/** Why a link that waited is void by now. */
export type LinkObstacle =
  | "decided"
  | "expired"
  | "identity_provider_changed"
  | "policy_changed"
  | "member_gone"
  | "address_changed"
  | "domain_not_verified"
  | "provisioning_changed"
  | "break_glass"
  | "identity_taken";

/** By which proof an identity becomes a member's. */
export type LinkProof = "SESSION" | "LETTER" | "ADMINISTRATOR";

/**
 * The connection of a link, held as a first sign-in holds it: both make identities.
 * @throws PlenumError `not_found`, `connection_inactive`, `organization_suspended`, `entitlement_required`.
 */
export async function holdConnection(tx: Tx, id: ConnectionId): Promise<SamlConnection> {
  await lockConnection(tx, id);
  const connection = await findSamlConnection(tx, id);
  if (!connection) throw notFound("connection");
  requireLiveConnection(connection);
  return connection;
}

/** What stands in the way of a link at this moment, and whom it means. Everything it rested on may have changed. */
export async function lookAtLink(
  tx: Tx,
  connection: SamlConnection,
  link: IdentityLink,
): Promise<{ readonly member: LinkMember } | { readonly obstacle: LinkObstacle }> {
  if (link.expired) return { obstacle: "expired" };
  if (link.status === "LINKED") return { obstacle: "decided" };
  if (link.idpEntityId !== connection.idpEntityId) return { obstacle: "identity_provider_changed" };
  const member = await lockLinkMember(tx, link);
  if (member?.status !== "ACTIVE" && member?.status !== "INVITED") return { obstacle: "member_gone" };
  if (link.policy !== waitingPolicy(connection, link.key, member.knownAs)) return { obstacle: "policy_changed" };
  if (member.loginEmailNorm !== link.emailNorm) return { obstacle: "address_changed" };
  const { options, provisioning } = connection;
  if ((options.scimOnly && !member.managed) || (member.status === "INVITED" && provisioning === "off")) {
    return { obstacle: "provisioning_changed" };
  }
  const domain = readEmail(link.emailNorm)?.domain ?? "";
  if ((await trustOfDomain(tx, domain, connection.id)) !== "verified") return { obstacle: "domain_not_verified" };
  return { member };
}

/**
 * Makes the identity the member's, unless something stands in the way: then nothing changes, and what it is, is
 * answered. It signs nobody in: the person does that next, by an assertion of that moment.
 */
export async function linkIdentity(
  tx: Tx,
  connection: SamlConnection,
  link: IdentityLink,
  proof: LinkProof,
): Promise<LinkObstacle | undefined> {
  const looked = await lookAtLink(tx, connection, link);
  if ("obstacle" in looked) return looked.obstacle;
  // Whoever keeps an emergency access lets nobody in by a mailbox or by another's word (SAML-62).
  if (looked.member.breakGlass && proof !== "SESSION") return "break_glass";
  if ((await linkIdentityRow(tx, link, link.memberId)) !== link.memberId) return "identity_taken";

  await decideLink(tx, link.id, "LINKED");
  tx.audit({
    action: "sso.link",
    target: { kind: "member", id: link.memberId },
    facts: {
      link: publicId("identityLink", link.id),
      connection: connection.id,
      idpEntityId: link.idpEntityId,
      nameId: shortHash(link.key),
      proof,
    },
  });
  return undefined;
}
