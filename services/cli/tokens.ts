import { invalid } from "../kernel/errors";
import { parseId, publicId } from "../kernel/ids";
import { createScimToken, createToken } from "../domain/identity";
import type { Role } from "../platform/caller";
import { given, type Command } from "./command";
import { operatorIn, orgOption, wholeNumber } from "./organization";

const validOption = { flags: "--valid-days <number>", description: "days until it expires" };

/** `plenum token create`: an API token of the organization, without a member. */
export const tokenCreate: Command = {
  name: "token create",
  summary: "make an API token; it is shown once",
  options: [
    orgOption,
    { flags: "--role <role>", description: "owner, admin or member", required: true },
    { flags: "--name <name>", description: "what the list of tokens shows", default: "made by the operator" },
    { ...validOption, default: "90" },
  ],
  async run(context, options) {
    const role = roleNamed(given(options, "role"));
    const validDays = wholeNumber(options.validDays) ?? 90;
    const { db, caller } = await operatorIn(context, options);
    const token = await db.run(caller, (tx) => createToken(tx, { name: given(options, "name"), role, validDays }));
    const json = { token: token.text, id: publicId("token", token.id), expiresAt: token.expiresAt.toISOString() };
    return { json, text: `${json.token}\nshown once; expires ${json.expiresAt}` };
  },
};

/** `plenum scim-token create`: the operator grants what SCIM needs (ruling 2). */
export const scimTokenCreate: Command = {
  name: "scim-token create",
  summary: "make a SCIM token, with an identity connection where there is none; it is shown once",
  options: [
    orgOption,
    { flags: "--name <name>", description: "what the list of tokens shows", default: "SCIM token" },
    { flags: "--connection <id>", description: "the connection; the oldest where none is named" },
    { flags: "--read-only", description: "a token that may not write" },
    validOption,
  ],
  async run(context, options) {
    const { connection } = options;
    const validDays = wholeNumber(options.validDays);
    const { db, caller } = await operatorIn(context, options);
    const token = await db.run(caller, (tx) =>
      createScimToken(tx, {
        name: given(options, "name"),
        ...(typeof connection === "string" ? { connectionId: parseId("connection", connection) } : {}),
        ...(options.readOnly === true ? { scopes: ["scim.read"] } : {}),
        ...(validDays === undefined ? {} : { validDays }),
      }),
    );
    const json = {
      token: token.text,
      id: publicId("scimToken", token.id),
      connectionId: publicId("connection", token.connectionId),
      baseUrl: token.baseUrl,
      expiresAt: token.expiresAt?.toISOString() ?? null,
    };
    return { json, text: `${json.token}\nshown once; base URL ${json.baseUrl}` };
  },
};

function roleNamed(text: string): Role {
  const role = (["OWNER", "ADMIN", "MEMBER"] as const).find((known) => known === text.toUpperCase());
  if (!role) throw invalid("role", "owner, admin or member", text);
  return role;
}
