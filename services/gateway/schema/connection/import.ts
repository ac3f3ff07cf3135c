import type { GraphQLResolveInfo } from "graphql";
import { Arg, Ctx, Info, Mutation, Resolver } from "type-graphql";
import {
  changeConnection,
  createConnection,
  fetchMetadataText,
  freshKeys,
  importConnection,
  prepareConnection,
  type ImportConnection,
} from "../../../domain/identity";
import { invalid } from "../../../kernel/errors";
import { parseText } from "../../../kernel/text";
import type { GatewayContext } from "../../context";
import { act } from "../../execution/act";
import { inUnitOfWork } from "../../execution/unit";
import { namedAs, optional, optionalId } from "../inputs";
import { CreateConnectionInput, ImportConnectionInput, type ManualIdpInput } from "./inputs";
import { CreateConnectionPayload, ImportConnectionPayload } from "./payloads";

const shows = { connection: "identityConnectionById" } as const;

/** Keys are drawn and metadata fetched before the unit of work: it must not wait for a prime or for the network. */
@Resolver()
export class ConnectionImports {
  @Mutation(() => CreateConnectionPayload, { description: "Makes a draft whose addresses can be entered at an identity provider." })
  async createConnection(
    @Arg("input", () => CreateConnectionInput, { description: "What to call it." }) input: CreateConnectionInput,
    @Ctx() context: GatewayContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<unknown> {
    return act(context, info, async () => {
      await inUnitOfWork(context, (tx) => prepareConnection(tx, { isNew: true }));
      const keys = await freshKeys();
      return { shows, work: async (tx) => ({ connection: await createConnection(tx, { name: input.name, keys }) }) };
    });
  }

  @Mutation(() => ImportConnectionPayload, { description: "Points a connection at an identity provider; it stays a draft until it was tried." })
  async importConnection(
    @Arg("input", () => ImportConnectionInput, { description: "Which identity provider." }) input: ImportConnectionInput,
    @Ctx() context: GatewayContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<unknown> {
    return act(context, info, async () => {
      const { metadataUrl, name, provisioning } = input;
      const connectionId = optionalId("connectionId", "connection", input.connectionId);
      requireOneSource(input);
      const { connectionId: id } = connectionId;
      const { needsKeys } = await inUnitOfWork(context, (tx) => prepareConnection(tx, id ? { id } : {}));
      const from = await sourceOf(context, input);
      const keys = needsKeys ? { keys: await freshKeys() } : {};
      return {
        shows,
        async work(tx) {
          const chosen = optional("provisioning", provisioning?.toLowerCase() as ImportConnection["provisioning"]);
          const sent = input.manual ? manualNames : { metadata: metadataUrl == null ? "metadataXml" : "metadataUrl" };
          const imported = { from, ...connectionId, ...optional("name", name), ...chosen, ...keys };
          const made = await namedAs(sent, () => importConnection(tx, imported));
          // From now on they are followed (SAML-06).
          if (metadataUrl != null) await changeConnection(tx, { id: made.id, change: { metadataUrl } });
          return { connection: made.id };
        },
      };
    });
  }
}

const manualNames = Object.fromEntries(
  ["idpEntityId", "ssoUrl", "sloUrl", "certificates"].map((name) => [name, `manual.${name}`]),
);

function requireOneSource({ metadataXml, metadataUrl, manual }: ImportConnectionInput): void {
  const given = [metadataXml, metadataUrl, manual].filter((source) => source != null);
  if (given.length !== 1) throw invalid("metadataXml", "one of metadataXml, metadataUrl and manual", given.length);
}

async function sourceOf(context: GatewayContext, input: ImportConnectionInput): Promise<ImportConnection["from"]> {
  const { metadataXml, metadataUrl, manual, entityId } = input;
  if (manual != null) return { kind: "manual", idp: manualOf(manual) };
  if (entityId != null) parseText("entityId", entityId, { max: 1_024 });
  const { db, outside } = context.gateway;
  const xml = metadataUrl == null ? (metadataXml ?? "") : await fetchMetadataText(db, metadataUrl, outside.fetchMetadata);
  return { kind: "metadata", xml, ...optional("entityId", entityId) };
}

type ManualIdp = Extract<ImportConnection["from"], { kind: "manual" }>["idp"];

function manualOf({ idpEntityId, ssoUrl, certificates, ssoBinding, sloUrl, sloBinding }: ManualIdpInput): ManualIdp {
  return {
    idpEntityId,
    ssoUrl,
    certificates,
    ...optional("ssoBinding", ssoBinding as ManualIdp["ssoBinding"]),
    ...optional("sloUrl", sloUrl),
    ...optional("sloBinding", sloBinding as ManualIdp["sloBinding"]),
  };
}
