import type { Config } from "./platform/config";
import type { DoorContext } from "./platform/door";
import type { WelcomeRow } from "./platform/welcome";
import { hasDoor } from "./start";

/** The lines of the table that a start ends with. */
export async function whatToOpen(config: Config, _context: DoorContext): Promise<WelcomeRow[]> {
  const { publicUrl } = config;
  return [
    ...(hasDoor(config, "console") ? [{ what: "Console", open: `${publicUrl}/` }] : []),
    ...(hasDoor(config, "gateway") ? [{ what: "GraphQL", open: `${publicUrl}/graphql` }] : []),
    { what: "Health", open: `${publicUrl}/readyz` },
  ];
}
