import { hashSecret, readSecret } from "../../platform/secrets";
import type { ConnectionId, IdentityLinkId, MemberId } from "../../kernel/ids";
import type { PlenumError } from "../../kernel/errors";
import type { Tx } from "../../platform/unit-of-work";
import { identifySession } from "./credentials.store";
import type { LinkObstacle } from "./link-identity";
import { lockLinkByProof, lockOwnLink, type IdentityLink } from "./links.store";
import { ssoRefused } from "./sso-refusals";

/** What names a link: its id, or the secret of the letter about it; beside it always the browser that began. */
export interface LinkRef {
  readonly connectionId: ConnectionId;
  readonly browserHash: Buffer;
  readonly by: { readonly id: IdentityLinkId } | { readonly letter: string };
  /** The cookie of whoever is signed in at this browser, as it came. */
  readonly session: string | undefined;
}

/**
 * The link that this browser brought about, held.
 * @throws PlenumError `sso_refused`: unknown, another browser's and rejected ones.
 */
export async function lockNamedLink(tx: Tx, { connectionId, browserHash, by }: LinkRef): Promise<IdentityLink> {
  const link =
    "id" in by
      ? await lockOwnLink(tx, { connectionId, browserHash, id: by.id })
      : await lockLinkByProof(tx, { connectionId, browserHash, proofHash: hashSecret(by.letter) });
  if (!link) throw ssoRefused("link_void", "this browser has no such link waiting");
  if (link.status === "REJECTED") throw ssoRefused("link_rejected", "an administrator has refused this link");
  return link;
}

/** The refusal of a link that something has made void; what it was stands in the audit log. */
export function voidLink(obstacle: LinkObstacle): PlenumError {
  return ssoRefused("link_void", "this link is void by now: sign in again", { obstacle });
}

/**
 * Who is signed in here, within this organization. An emergency session proves nothing: by it an hour would become a
 * way in for good (SAML-83).
 */
export async function memberAt(tx: Tx, session: string | undefined): Promise<MemberId | undefined> {
  const secret = session === undefined ? undefined : readSecret(session);
  if (secret?.kind !== "session" || secret.orgId !== tx.orgId) return undefined;
  const found = await identifySession(tx, secret.hash);
  return found && found.method !== "BREAK_GLASS" ? found.memberId : undefined;
}
