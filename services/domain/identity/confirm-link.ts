import type { Tx } from "../../platform/unit-of-work";
import { useCase } from "../access";
import { holdConnection, linkIdentity } from "./link-identity";
import { lockNamedLink, memberAt, voidLink, type LinkRef } from "./own-link";
import { ssoRefused } from "./sso-refusals";

/**
 * The member says that the identity is theirs, by the session that is open at this browser or by the letter. Nobody is
 * signed in by it: the answer says where the person wanted to go, and the identity provider vouches once more (SAML-62).
 * @throws PlenumError `sso_refused`: void, rejected, another browser's, or nobody proved to be the member.
 */
export const confirmLink = useCase(
  "sign-in",
  async (tx: Tx, input: LinkRef): Promise<{ readonly returnPath: string }> => {
    const connection = await holdConnection(tx, input.connectionId);
    const link = await lockNamedLink(tx, input);
    if (link.policy !== "CONFIRM") throw voidLink("policy_changed");
    const isSignedIn = (await memberAt(tx, input.session)) === link.memberId;
    if (!isSignedIn && "id" in input.by) throw ssoRefused("link_void", "sign in first, or ask for the letter");

    const obstacle = await linkIdentity(tx, connection, link, isSignedIn ? "SESSION" : "LETTER");
    if (obstacle) throw voidLink(obstacle);
    return { returnPath: link.returnPath };
  },
  "confirmLink",
);
