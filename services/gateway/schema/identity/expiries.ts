import { Args, Ctx, Field, ID, Int, ObjectType, Query, Resolver } from "type-graphql";
import { listExpiries, type ExpiryWarning } from "../../../domain/identity";
import { publicId, type Id, type IdKind } from "../../../kernel/ids";
import type { GatewayContext } from "../../context";
import { ask } from "../../execution/ask";
import { pageOf, type Item } from "../../execution/page-of";
import { closedSet } from "../enums";
import { connectionOf, PageArguments } from "../page";
import { DateTime } from "../scalars";

const kinds = {
  IDP_CERTIFICATE: "idpCertificate",
  SP_KEY: "spKey",
  METADATA: "connection",
  SCIM_TOKEN: "scimToken",
} as const satisfies Readonly<Record<ExpiryWarning["kind"], IdKind>>;

const ExpiringKind = closedSet(
  "ExpiringKind",
  "What runs out.",
  Object.keys(kinds) as (keyof typeof kinds)[],
);

@ObjectType("IdentityExpiry", { simpleResolvers: true, description: "Something that runs out within 60 days, or has." })
export class IdentityExpiryNode {
  @Field(() => ExpiringKind, { description: "What." })
  kind!: string;

  @Field(() => ID, { description: "The id of the certificate, key, token or connection." })
  subjectId!: string;

  @Field(() => ID, { description: "con_…: of which connection." })
  connectionId!: string;

  @Field(() => String, { description: "What that is called." })
  connectionName!: string;

  @Field(() => String, { description: "What people call it: a subject, a use, a name." })
  what!: string;

  @Field(() => DateTime, { description: "When." })
  expiresAt!: Date;

  @Field(() => Int, { description: "In how many days; below one it has." })
  daysLeft!: number;
}

const IdentityExpiryConnection = connectionOf("IdentityExpiry", () => IdentityExpiryNode);

@Resolver()
export class IdentityExpiryQueries {
  @Query(() => IdentityExpiryConnection, { description: "What runs out within 60 days, the soonest first." })
  async identityExpiries(@Args(() => PageArguments) page: PageArguments, @Ctx() context: GatewayContext): Promise<unknown> {
    return ask(context, async (tx) => pageOf(context, "IdentityExpiry", (await listExpiries(tx, {})).map(shown), page));
  }
}

function shown({ kind, subjectId, connectionId, connection, what, expiresAt, daysLeft }: ExpiryWarning): Item {
  const subject = publicId(kinds[kind], subjectId as Id<(typeof kinds)[typeof kind]>);
  const ids = { subjectId: subject, connectionId: publicId("connection", connectionId) };
  return { key: subjectId, node: { kind, ...ids, connectionName: connection, what, expiresAt, daysLeft } };
}
