import { publicId } from "../../kernel/ids";
import type { Tx } from "../../platform/unit-of-work";
import { useCase } from "../access";
import { loadOrganization } from "../organizations";
import { holdConnection, lookAtLink } from "./link-identity";
import { lockNamedLink, memberAt, voidLink, type LinkRef } from "./own-link";

/** What a person sees of a link that waits. */
export interface ShownLink {
  readonly id: string;
  readonly organization: string;
  /** The address of the account that it is about. */
  readonly email: string;
  /** By what the identity provider knows the person. */
  readonly identity: string;
  /** What the person can do: say yes, ask for a letter, sign in first; or only wait for an administrator. */
  readonly next: "CONFIRM" | "ASK_LETTER" | "SIGN_IN" | "ADMINISTRATOR";
}

/**
 * A link that waits, for the browser that brought it about. Looking changes nothing, since mail scanners look too.
 * @throws PlenumError `sso_refused` for one that is void, rejected or another browser's.
 */
export const showLink = useCase(
  "sign-in",
  async (tx: Tx, input: LinkRef): Promise<ShownLink> => {
    const connection = await holdConnection(tx, input.connectionId);
    const link = await lockNamedLink(tx, input);
    const looked = await lookAtLink(tx, connection, link);
    if ("obstacle" in looked) throw voidLink(looked.obstacle);
    const { breakGlass, loginEmail } = looked.member;
    const isSignedIn = (await memberAt(tx, input.session)) === link.memberId;
    const proved = isSignedIn || ("letter" in input.by && !breakGlass);
    const { name } = await loadOrganization(tx);
    return {
      id: publicId("identityLink", link.id),
      organization: name,
      email: loginEmail ?? link.emailNorm,
      identity: link.key,
      next: link.policy === "ADMIN" ? "ADMINISTRATOR" : proved ? "CONFIRM" : breakGlass ? "SIGN_IN" : "ASK_LETTER",
    };
  },
  "showLink",
);
