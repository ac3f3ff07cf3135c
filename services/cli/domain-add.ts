import { vouchForDomain } from "../domain/identity";
import { given, type Command } from "./command";
import { operatorIn, orgOption } from "./organization";

/** `plenum domain add`: the operator vouches that a domain is the organization's. */
export const domainAdd: Command = {
  name: "domain add",
  summary: "vouch for a domain: its people join at once and may sign in by SAML",
  options: [orgOption, { flags: "--domain <name>", description: "e.g. example.org", required: true }],
  async run(context, options) {
    const { db, caller } = await operatorIn(context, options);
    const json = await db.run(caller, (tx) => vouchForDomain(tx, { domain: given(options, "domain") }));
    return { json, text: `${json.domain} is vouched for` };
  },
};
