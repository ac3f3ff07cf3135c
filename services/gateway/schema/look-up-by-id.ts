import type { GraphQLResolveInfo } from "graphql";
import { notFound } from "../../kernel/errors";
import { readId, type IdKind } from "../../kernel/ids";
import type { GatewayContext } from "../context";
import { toGraphQL } from "../errors/to-graphql";
import { lookUp } from "../execution/look";

interface Findable {
  readonly kind: IdKind;
  /** The links of the query root that lead to one, and to several. */
  readonly one: string;
  readonly several: string;
}

/** Every type that has a public id: the ones that `node` and `nodes` find. */
export const findable = {
  Organization: { kind: "organization", one: "organizationById", several: "organizationsByIds" },
  Member: { kind: "member", one: "memberById", several: "membersByIds" },
  Licence: { kind: "licence", one: "licenceById", several: "licencesByIds" },
  Subscription: { kind: "subscription", one: "subscriptionById", several: "subscriptionsByIds" },
  Invitation: { kind: "invitation", one: "invitationById", several: "invitationsByIds" },
  EventTypeTemplate: {
    kind: "eventTypeTemplate",
    one: "eventTypeTemplateById",
    several: "eventTypeTemplatesByIds",
  },
  EventType: { kind: "eventType", one: "eventTypeById", several: "eventTypesByIds" },
  IdentityConnection: {
    kind: "connection",
    one: "identityConnectionById",
    several: "identityConnectionsByIds",
  },
  ApiToken: { kind: "token", one: "apiTokenById", several: "apiTokensByIds" },
} as const satisfies Readonly<Record<string, Findable>>;

export type FindableType = keyof typeof findable;

/** The type and uuid behind a public id, or nothing where it names no node. */
export function readNodeId(text: string): { readonly type: FindableType; readonly uuid: string } | undefined {
  const read = readId(text);
  if (!read) return undefined;
  const types = Object.keys(findable) as FindableType[];
  const type = types.find((name) => findable[name].kind === read.kind);
  return type && { type, uuid: read.id };
}

/** One thing by its public id; what is no id, of another type, foreign or unknown is not found, all alike (GQL-13). */
export async function lookUpById(
  context: GatewayContext,
  info: GraphQLResolveInfo,
  type: FindableType,
  id: string,
): Promise<unknown> {
  const read = readNodeId(id);
  if (read?.type !== type) throw toGraphQL(notFound(type), context);
  return lookUp(context, info, { type, link: findable[type].one, args: { id: read.uuid } });
}
