import { setEnforcement, showEnforcement, type SsoPolicy } from "../domain/identity";
import type { Command } from "./command";
import { operatorIn, orgOption } from "./organization";

/**
 * `plenum sso enforcement`: shows how an organization stands to single sign-on, or loosens it: the operator's rescue.
 * Requiring it stays with the organization's own administrators, who must have tried it (SAML-81).
 */
export const ssoEnforcement: Command = {
  name: "sso enforcement",
  summary: "show whether single sign-on is required and what that stands on; --policy loosens it",
  options: [orgOption, { flags: "--policy <policy>", description: "off or optional", choices: ["off", "optional"] }],
  async run(context, options) {
    const { db, caller } = await operatorIn(context, options);
    const policy = typeof options["policy"] === "string" ? (options["policy"].toUpperCase() as SsoPolicy) : undefined;
    const enforcement = await db.run(caller, (tx) =>
      policy ? setEnforcement(tx, { policy }) : showEnforcement(tx, {}),
    );
    const { policy: now, paused, inForce, base } = enforcement;
    const json = { policy: now, paused, inForce, base, breakGlassOwners: enforcement.breakGlassOwners.length };
    return { json, text: `single sign-on is ${now.toLowerCase()}${paused ? ", paused" : ""}` };
  },
};
