import { publicId, type ConnectionId, type IdentityLinkId } from "../../kernel/ids";
import { countHitIn, keepMail } from "../../platform/lobby";
import { mintSecret } from "../../platform/secrets";
import type { Tx } from "../../platform/unit-of-work";
import { useCase } from "../access";
import { loadOrganization } from "../organizations";
import { linkLetter } from "./link.mail";
import { holdConnection, lookAtLink } from "./link-identity";
import { lettersMax } from "./link-policy";
import { noteLetter } from "./links.store";
import { lockNamedLink, voidLink } from "./own-link";
import { ssoRefused } from "./sso-refusals";

const hourSeconds = 3_600;

/**
 * Sends the member whom a link means a letter to their own address, never to the asserted one. Its secret works in the
 * browser that began only: whoever signs in under another's address cannot have them confirm it (SAML-62). The letter
 * signs nobody in, so it goes out also where single sign-on is required.
 * @throws PlenumError `sso_refused`: void, rejected, another browser's, or five letters in this hour already.
 */
export const sendLinkLetter = useCase(
  "sign-in",
  async (tx: Tx, input: { connectionId: ConnectionId; id: IdentityLinkId; browserHash: Buffer }): Promise<void> => {
    const { connectionId, browserHash, id } = input;
    const connection = await holdConnection(tx, connectionId);
    const link = await lockNamedLink(tx, { connectionId, browserHash, by: { id }, session: undefined });
    const looked = await lookAtLink(tx, connection, link);
    if ("obstacle" in looked) throw voidLink(looked.obstacle);
    const { loginEmail, breakGlass } = looked.member;
    if (link.policy !== "CONFIRM") throw voidLink("policy_changed");
    if (breakGlass || loginEmail === null) throw voidLink("break_glass");
    const secret = mintSecret("signIn", tx.orgId);
    // The window also counts the letters of links that have given way: one identity may claim one address after another.
    const hits = await countHitIn(tx, `link-letter/${link.memberId}`, hourSeconds);
    if (hits > lettersMax || !(await noteLetter(tx, link.id, secret.hash, lettersMax))) {
      throw ssoRefused("link_letters_spent", "there were enough letters for now; try again in an hour");
    }

    const { name, locale } = await loadOrganization(tx);
    const address = `${connection.urls.entityId}/link/${secret.text}`;
    await keepMail(tx, { to: loginEmail, ...linkLetter(locale, { organization: name, link: address }) }, null);

    tx.audit({
      action: "sso.link.letter",
      target: { kind: "member", id: link.memberId },
      facts: { link: publicId("identityLink", link.id) },
    });
  },
  "sendLinkLetter",
);
