import { invalid } from "../kernel/errors";
import { setDialect, showDialect } from "../domain/provisioning";
import type { Command } from "./command";
import { orgOption } from "./organization";
import { connectionIn, connectionOption } from "./saml-connection";

/** `plenum scim dialect`: shows by which rules a connection's requests are read, or chooses others. */
export const scimDialect: Command = {
  name: "scim dialect",
  summary: "show by which rules a connection's requests are read; --preset and --switches choose others",
  options: [
    orgOption,
    connectionOption,
    { flags: "--preset <name>", description: "strict, tolerant, entra, okta, onelogin, ping or interop" },
    { flags: "--switches <json>", description: 'all switches that shall differ, as {"patchResponse":"204"}' },
  ],
  async run(context, options) {
    const { db, caller, id: connectionId } = await connectionIn(context, options);
    const { preset, switches } = options;
    const change = {
      ...(typeof preset === "string" ? { preset } : {}),
      ...(typeof switches === "string" ? { switches: readSwitches(switches) } : {}),
    };
    const dialect = await db.run(caller, (tx) =>
      Object.keys(change).length === 0
        ? showDialect(tx, { connectionId })
        : setDialect(tx, { connectionId, ...change }),
    );
    const lines = Object.entries(dialect.effective).map(([name, value]) => `${name}: ${JSON.stringify(value)}`);
    return { json: dialect, text: [`preset ${dialect.preset}`, ...lines].join("\n") };
  },
};

function readSwitches(text: string): Readonly<Record<string, unknown>> {
  try {
    const read: unknown = JSON.parse(text);
    if (typeof read === "object" && read !== null && !Array.isArray(read)) return read as Record<string, unknown>;
  } catch {
    // said below: what was meant for an object of JSON and is none
  }
  throw invalid("switches", "a JSON object of switches", text);
}
