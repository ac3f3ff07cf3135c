import {
  changeConnection,
  listConnections,
  mappingProfileNames,
  refreshMetadata,
  showConnection,
  switchConnection,
  type ConnectionChange,
  type ConnectionDetails,
} from "../domain/identity";
import { invalid, notFound } from "../kernel/errors";
import { parseId, publicId, type ConnectionId } from "../kernel/ids";
import type { Command, CommandContext, CommandOption, OptionValues } from "./command";
import { operatorIn, orgOption, wholeNumber, type Operation } from "./organization";

/** The option that names a connection. */
export const connectionOption: CommandOption = {
  flags: "--connection <id>",
  description: "the connection; the oldest where none is named",
};

/**
 * The operator and the connection that the options name.
 * @throws PlenumError `not_found`.
 */
export async function connectionIn(
  context: CommandContext,
  options: OptionValues,
): Promise<Operation & { readonly id: ConnectionId }> {
  const { db, caller } = await operatorIn(context, options);
  const { connection } = options;
  if (typeof connection === "string") return { db, caller, id: parseId("connection", connection) };
  const [oldest] = await db.run(caller, (tx) => listConnections(tx, {}));
  if (!oldest) throw notFound("connection");
  return { db, caller, id: oldest.id };
}

/** A connection as programs read it: every setting, certificates and keys by their ids, nothing private. */
export function connectionShown({ connection, urls, certificates, keys }: ConnectionDetails) {
  const { id, mapping, options, ...settings } = connection;
  return {
    ...{ id: publicId("connection", id), urls, ...settings, mapping, options },
    certificates: certificates.map(({ id: certificate, connectionId: _, pem: __, ...rest }) => ({
      id: publicId("idpCertificate", certificate),
      ...rest,
    })),
    keys: keys.map(({ id: key, connectionId: _, ...rest }) => ({ id: publicId("spKey", key), ...rest })),
  };
}

/** `plenum saml show`. */
export const samlShow: Command = {
  name: "saml show",
  summary: "show a connection with its settings, certificates and keys",
  options: [orgOption, connectionOption],
  async run(context, options) {
    const { db, caller, id } = await connectionIn(context, options);
    const details = await db.run(caller, (tx) => showConnection(tx, { id }));
    return { json: connectionShown(details), text: `${details.connection.name}: ${details.connection.samlState}` };
  },
};

const onOff = ["on", "off"] as const;

/** `plenum saml set`: what an administrator sets by GraphQL, for whoever helps them. */
export const samlSet: Command = {
  name: "saml set",
  summary: "change the settings of a connection, or switch it",
  options: [
    orgOption,
    connectionOption,
    {
      flags: "--state <state>",
      description: "whom it lets in",
      choices: ["draft", "testing", "active", "disabled"],
    },
    {
      flags: "--idp-initiated <mode>",
      description: "what becomes of sign-ins that nobody asked for",
      choices: ["off", "restart", "accept"],
    },
    {
      flags: "--provisioning <mode>",
      description: "whom a first sign-in lets in",
      choices: ["off", "existing", "create"],
    },
    {
      flags: "--signature-policy <policy>",
      description: "what has to be signed",
      choices: ["either", "assertion", "response", "both"],
    },
    { flags: "--sign-requests <on or off>", description: "whether we sign what we ask", choices: onOff },
    {
      flags: "--require-encryption <on or off>",
      description: "whether assertions have to be encrypted",
      choices: onOff,
    },
    { flags: "--skew-seconds <n>", description: "by how much clocks may differ, 0 to 300" },
    { flags: "--profile <vendor>", description: "fill the mapping in for a vendor", choices: mappingProfileNames },
    {
      flags: "--link-policy <policy>",
      description: "what links an identity to the member who has its address already",
      choices: ["verified_domain", "confirm", "admin"],
    },
    { flags: "--metadata-url <url>", description: "where the identity provider publishes its metadata" },
    { flags: "--metadata-mode <mode>", description: "what becomes of new keys in it", choices: ["ask", "auto"] },
  ],
  async run(context, options) {
    const change = changeOf(options);
    const { state } = options;
    if (Object.keys(change).length === 0 && state === undefined) throw invalid("options", "something to change");
    const { db, caller, id } = await connectionIn(context, options);
    const details = await db.run(caller, async (tx) => {
      if (Object.keys(change).length > 0) await changeConnection(tx, { id, change });
      if (typeof state === "string") await switchConnection(tx, { id, to: stateOf(state) });
      return showConnection(tx, { id });
    });
    return { json: connectionShown(details), text: `${details.connection.name}: ${details.connection.samlState}` };
  },
};

/** `plenum saml refresh`: fetches the metadata now. */
export const samlRefresh: Command = {
  name: "saml refresh",
  summary: "fetch a connection's metadata from its address now",
  options: [orgOption, connectionOption],
  async run(context, options) {
    const { db, caller, id } = await connectionIn(context, options);
    const json = await refreshMetadata(db, caller, { id });
    return {
      json,
      text: `${json.added.length} keys taken, ${json.pending.length} waiting, ${json.retired.length} retired`,
    };
  },
};

const texts = ["idpInitiated", "provisioning", "signaturePolicy", "profile", "metadataUrl", "metadataMode"] as const;
const switches = ["signRequests", "requireEncryption"] as const;

function changeOf(options: OptionValues): ConnectionChange {
  const skewSeconds = wholeNumber(options["skewSeconds"]);
  const named = texts.flatMap((name) => (typeof options[name] === "string" ? [[name, options[name]] as const] : []));
  const switched = switches.flatMap((name) =>
    typeof options[name] === "string" ? [[name, options[name] === "on"] as const] : [],
  );
  const change = Object.fromEntries<string | boolean>([...named, ...switched]) as ConnectionChange;
  const linkPolicy = options["linkPolicy"] as NonNullable<ConnectionChange["options"]>["linkPolicy"];
  return {
    ...change,
    ...(skewSeconds === undefined ? {} : { skewSeconds }),
    ...(linkPolicy === undefined ? {} : { options: { linkPolicy } }),
  };
}

function stateOf(text: string) {
  return text.toUpperCase() as ConnectionDetails["connection"]["samlState"];
}
