import { showDemo } from "../domain/setup";
import type { Command } from "./command";
import { commandOrigin } from "./organization";

/** `plenum demo`: the demonstration organizations, and fresh ways into the first. */
export const demo: Command = {
  name: "demo",
  summary: "create the demonstration organizations where they are missing and print fresh tokens",
  async run(context) {
    const facts = await showDemo(await context.database(), commandOrigin().requestId);
    const rows = [
      ["organization", `${facts.organization.slug} (${facts.organization.id})`],
      ["GraphQL", facts.graphqlUrl],
      ["owner's token", facts.ownerToken],
      ["member's token", facts.memberToken],
      ["SCIM base URL", facts.scim.baseUrl],
      ["SCIM token", facts.scim.token],
      ["SAML metadata", facts.saml.metadataUrl],
      ["owner's sign-in", facts.ownerSignInUrl],
    ];
    return { json: facts, text: rows.map(([what = "", value = ""]) => `${what.padEnd(16)}${value}`).join("\n") };
  },
};
