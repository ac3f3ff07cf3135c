import { approveIdentityLink, listWaitingLinks, rejectIdentityLink } from "../domain/identity";
import { parseId, publicId } from "../kernel/ids";
import { given, type Command, type CommandOption } from "./command";
import { operatorIn, orgOption } from "./organization";

const linkOption: CommandOption = {
  flags: "--link <id>",
  description: "the link, as `saml links` names it",
  required: true,
};

/** `plenum saml links`: identities that have a member's address, and wait (SAML-62). */
export const samlLinks: Command = {
  name: "saml links",
  summary: "list the identities that wait to be linked to the member who has their address",
  options: [orgOption],
  async run(context, options) {
    const { db, caller } = await operatorIn(context, options);
    const links = await db.run(caller, (tx) => listWaitingLinks(tx, {}));
    const json = links.map(
      ({ id, connectionId, memberId, policy, idpEntityId, key, emailNorm, createdAt, expiresAt }) => ({
        id: publicId("identityLink", id),
        connectionId: publicId("connection", connectionId),
        memberId: publicId("member", memberId),
        ...{ policy, idpEntityId, identity: key, email: emailNorm, createdAt, expiresAt },
      }),
    );
    return { json, text: `${json.length} waiting` };
  },
};

/** `plenum saml link approve`. */
export const samlLinkApprove: Command = {
  name: "saml link approve",
  summary: "link a waiting identity to the member",
  options: [orgOption, linkOption],
  async run(context, options) {
    const id = parseId("identityLink", given(options, "link"));
    const { db, caller } = await operatorIn(context, options);
    await db.run(caller, (tx) => approveIdentityLink(tx, { id }));
    return { json: { id: given(options, "link"), status: "LINKED" }, text: "linked; the member was told" };
  },
};

/** `plenum saml link reject`. */
export const samlLinkReject: Command = {
  name: "saml link reject",
  summary: "keep a waiting identity out until its link has run out",
  options: [orgOption, linkOption],
  async run(context, options) {
    const id = parseId("identityLink", given(options, "link"));
    const { db, caller } = await operatorIn(context, options);
    await db.run(caller, (tx) => rejectIdentityLink(tx, { id }));
    return { json: { id: given(options, "link"), status: "REJECTED" }, text: "rejected" };
  },
};
