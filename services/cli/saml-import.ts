import { freshKeys, importConnection, samlUrls } from "../domain/identity";
import { parseId } from "../kernel/ids";
import { given, type Command } from "./command";
import { operatorIn, orgOption } from "./organization";
import { readSmallFile } from "./small-file";

const bytesMax = 512 * 1024;

/** `plenum saml import`: the operator vouches, so the connection is active at once (ruling 12). */
export const samlImport: Command = {
  name: "saml import",
  summary: "connect an organization to its SAML identity provider",
  options: [
    orgOption,
    { flags: "--metadata-file <path>", description: "the identity provider's metadata", required: true },
    {
      flags: "--provisioning <mode>",
      description: "whom a first sign-in lets in",
      choices: ["off", "existing", "create"],
    },
    { flags: "--connection <id>", description: "the connection; the oldest where none is named" },
    { flags: "--entity-id <id>", description: "which entity, where the file lists several" },
    { flags: "--name <name>", description: "what the list of connections shows" },
  ],
  async run(context, options) {
    const xml = readSmallFile("metadataFile", given(options, "metadataFile"), bytesMax);
    const { provisioning, connection, entityId, name } = options;
    const keys = await freshKeys();
    const { db, caller } = await operatorIn(context, options);
    const json = await db.run(caller, async (tx) => {
      const { id } = await importConnection(tx, {
        keys,
        from: { kind: "metadata", xml, ...(typeof entityId === "string" ? { entityId } : {}) },
        ...(typeof connection === "string" ? { connectionId: parseId("connection", connection) } : {}),
        ...(typeof name === "string" ? { name } : {}),
        ...(isProvisioning(provisioning) ? { provisioning } : {}),
      });
      return samlUrls(tx, id);
    });
    return { json, text: `connected; metadata for the identity provider: ${json.metadataUrl}` };
  },
};

function isProvisioning(value: string | boolean | undefined): value is "off" | "existing" | "create" {
  return value === "off" || value === "existing" || value === "create";
}
