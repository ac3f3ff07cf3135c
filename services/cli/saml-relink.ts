import { previewRelink, relinkIdentities } from "../domain/identity";
import { invalid } from "../kernel/errors";
import type { Command } from "./command";
import { orgOption } from "./organization";
import { connectionIn, connectionOption } from "./saml-connection";

/** `plenum saml relink`: who was known by an earlier identity provider is known by the present one (SAML-60). */
export const samlRelink: Command = {
  name: "saml relink",
  summary: "let the present identity provider of a connection introduce whom an earlier one has",
  options: [
    orgOption,
    connectionOption,
    { flags: "--from <entity id>", description: "the earlier identity provider" },
    { flags: "--dry-run", description: "only say what would become of whom" },
  ],
  async run(context, options) {
    const { db, caller, id: connectionId } = await connectionIn(context, options);
    const { from } = options;
    if (options["dryRun"] === true) {
      const json = await db.run(caller, (tx) => previewRelink(tx, { connectionId }));
      const lines = json.map((c) => `${c.idpEntityId}: ${c.moves} move, ${c.taken} taken, ${c.protected} protected`);
      return { json, text: lines.join("\n") || "everybody is known by the present identity provider" };
    }
    if (typeof from !== "string") throw invalid("from", "the entity id of an earlier identity provider");
    const { moves, ...rest } = await db.run(caller, (tx) => relinkIdentities(tx, { connectionId, from }));
    return { json: { from, moved: moves, ...rest }, text: `${moves} known again` };
  },
};
