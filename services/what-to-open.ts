import { randomUUID } from "node:crypto";
import { showDemo } from "./domain/setup";
import type { Config } from "./platform/config";
import type { DoorContext } from "./platform/door";
import type { WelcomeRow } from "./platform/welcome";
import { hasDoor } from "./start";

/**
 * The lines of the table that a start ends with. Where the demonstration is wanted it is made here, on the first run,
 * and fresh ways into it are shown at each.
 */
export async function whatToOpen(config: Config, { db }: DoorContext): Promise<WelcomeRow[]> {
  const { publicUrl } = config;
  const demo = config.demo ? await showDemo(db, `start-${randomUUID()}`) : undefined;
  const rows: (WelcomeRow | false | undefined)[] = [
    hasDoor(config, "console") && { what: "Console", open: `${publicUrl}/` },
    hasDoor(config, "gateway") && { what: "GraphQL", open: `${publicUrl}/graphql` },
    demo && { what: "  owner's token", open: demo.ownerToken },
    demo && hasDoor(config, "scim") && { what: "SCIM base URL", open: demo.scim.baseUrl },
    demo && hasDoor(config, "scim") && { what: "  token", open: demo.scim.token },
    demo && hasDoor(config, "saml") && { what: "SAML metadata", open: demo.saml.metadataUrl },
    demo && { what: "Owner's sign-in", open: demo.ownerSignInUrl },
    { what: "Health", open: `${publicUrl}/readyz` },
  ];
  return rows.filter((row): row is WelcomeRow => Boolean(row));
}
