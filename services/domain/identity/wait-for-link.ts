import { publicId, type IdentityLinkId, type MemberId } from "../../kernel/ids";
import type { Tx } from "../../platform/unit-of-work";
import { linkMinutes } from "./link-policy";
import { insertLink, type WaitingPolicy } from "./links.store";
import { markNotice } from "./notices.store";
import { shortHash } from "./refuse-sign-in";
import type { SamlConnection } from "./saml-connection";
import type { IdentityKey } from "./sso-identities.store";
import { ssoRefused } from "./sso-refusals";
import { tellAdministrators } from "./tell-administrators";

/** A sign-in that found its member by the address alone, where that does not suffice. */
export interface LinkNeeded {
  readonly effect: "LINK_NEEDED";
  readonly memberId: MemberId;
  readonly policy: WaitingPolicy;
  readonly key: IdentityKey;
  readonly emailNorm: string;
}

/**
 * Lets an identity wait for its member's own proof or an administrator's word. It grants nothing; of those that wait
 * for an administrator the administrators hear once a day (SAML-62).
 * @throws PlenumError `sso_refused` where an administrator has said no.
 */
export async function waitForLink(
  tx: Tx,
  connection: SamlConnection,
  needed: LinkNeeded,
  browser: { readonly hash: Buffer; readonly returnPath: string },
): Promise<IdentityLinkId> {
  const { memberId, policy, key, emailNorm } = needed;
  const validMinutes = linkMinutes[policy];
  const { hash: browserHash, returnPath } = browser;
  const link = await insertLink(tx, { ...key, memberId, policy, emailNorm, browserHash, returnPath, validMinutes });
  if (!link) throw ssoRefused("link_rejected", "an administrator has refused to link this identity");
  if (!link.isNew) return link.id;

  tx.audit({
    action: "sso.link.wait",
    target: { kind: "member", id: memberId },
    facts: {
      link: publicId("identityLink", link.id),
      connection: connection.id,
      idpEntityId: key.idpEntityId,
      nameId: shortHash(key.key),
      policy,
    },
  });
  if (
    policy === "ADMIN" &&
    (await markNotice(tx, connection.id, `link_waiting:${tx.now.toISOString().slice(0, 10)}`))
  ) {
    await tellAdministrators(tx, "link_waiting", {});
  }
  return link.id;
}
