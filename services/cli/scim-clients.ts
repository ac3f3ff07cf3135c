import { createOAuthClient, listOAuthClients, revokeOAuthClient, rotateOAuthClient } from "../domain/identity";
import { invalid } from "../kernel/errors";
import { parseId, publicId } from "../kernel/ids";
import { given, type Command, type OptionValues } from "./command";
import { operatorIn, orgOption, wholeNumber } from "./organization";
import { readSmallFile } from "./small-file";

const bytesMax = 64 * 1024;
const clientOption = { flags: "--client <id>", description: "the client, oac_…", required: true };
const keysOption = { flags: "--jwks-file <path>", description: "a JSON Web Key Set of the client's public keys" };

/** `plenum scim-client create`: the operator grants what SCIM needs (ruling 2). */
export const scimClientCreate: Command = {
  name: "scim-client create",
  summary: "make an OAuth client for SCIM; with --jwks-file it signs assertions, else it gets a secret, shown once",
  options: [
    orgOption,
    { flags: "--name <name>", description: "what the list of clients shows", default: "made by the operator" },
    { flags: "--connection <id>", description: "the connection; the oldest where none is named" },
    keysOption,
    { flags: "--read-only", description: "a client whose tokens may not write" },
    { flags: "--ip-allow <networks>", description: "addresses or networks, separated by commas" },
  ],
  async run(context, options) {
    const { connection, ipAllow } = options;
    const { db, caller } = await operatorIn(context, options);
    const made = await db.run(caller, (tx) =>
      createOAuthClient(tx, {
        name: given(options, "name"),
        ...keysIn(options),
        ...(typeof connection === "string" ? { connectionId: parseId("connection", connection) } : {}),
        ...(options["readOnly"] === true ? { scopes: ["scim.read"] } : {}),
        ...(typeof ipAllow === "string" ? { ipAllow: ipAllow.split(",").map((entry) => entry.trim()) } : {}),
      }),
    );
    const { clientId, secret, tokenUrl } = made;
    const ids = { id: publicId("oauthClient", made.id), connectionId: publicId("connection", made.connectionId) };
    const shown = secret === null ? "it proves itself by its keys" : `secret ${secret}, shown once`;
    return { json: { ...ids, clientId, secret, tokenUrl }, text: `${clientId}\n${shown}; tokens from ${tokenUrl}` };
  },
};

/** `plenum scim-client list`. */
export const scimClientList: Command = {
  name: "scim-client list",
  summary: "list the OAuth clients for SCIM, without their secrets",
  options: [orgOption],
  async run(context, options) {
    const { db, caller } = await operatorIn(context, options);
    const clients = await db.run(caller, (tx) => listOAuthClients(tx, {}));
    const json = clients.map(({ id, connectionId, jwks, ...client }) => ({
      ...{ id: publicId("oauthClient", id), connectionId: publicId("connection", connectionId) },
      ...{ ...client, proof: jwks === null ? "secret" : "keys" },
    }));
    return { json: { clients: json }, text: json.map((c) => `${c.id} ${c.name} (${c.proof})`).join("\n") };
  },
};

/** `plenum scim-client rotate`. */
export const scimClientRotate: Command = {
  name: "scim-client rotate",
  summary: "give an OAuth client another secret, or other keys; the old secret counts on for some hours",
  options: [
    orgOption,
    clientOption,
    keysOption,
    { flags: "--overlap-hours <number>", description: "for how long the old secret counts; 24 without it" },
  ],
  async run(context, options) {
    const overlapHours = wholeNumber(options["overlapHours"]);
    const { db, caller } = await operatorIn(context, options);
    const rotated = await db.run(caller, (tx) =>
      rotateOAuthClient(tx, {
        id: parseId("oauthClient", given(options, "client")),
        ...keysIn(options),
        ...(overlapHours === undefined ? {} : { overlapHours }),
      }),
    );
    const { secret, oldSecretHours } = rotated;
    const text =
      secret === null ? "the new keys count" : `${secret}\nshown once; the old one counts ${oldSecretHours} h more`;
    return { json: rotated, text };
  },
};

/** `plenum scim-client revoke`. */
export const scimClientRevoke: Command = {
  name: "scim-client revoke",
  summary: "end an OAuth client and all its tokens",
  options: [orgOption, clientOption],
  async run(context, options) {
    const id = parseId("oauthClient", given(options, "client"));
    const { db, caller } = await operatorIn(context, options);
    await db.run(caller, (tx) => revokeOAuthClient(tx, { id }));
    return { json: { id: publicId("oauthClient", id) }, text: "revoked" };
  },
};

function keysIn(options: OptionValues): { jwks?: unknown } {
  const path = options["jwksFile"];
  if (typeof path !== "string") return {};
  const text = readSmallFile("jwksFile", path, bytesMax);
  try {
    return { jwks: JSON.parse(text) as unknown };
  } catch {
    throw invalid("jwksFile", "JSON", path);
  }
}
