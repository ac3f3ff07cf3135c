import type { GraphQLResolveInfo } from "graphql";
import { ArgsType, Args, Ctx, Field, Info, ObjectType, Query, Resolver } from "type-graphql";
import type { GatewayContext } from "../../context";
import { lookAtRoot } from "../../execution/look";
import { CreationOrder } from "../enums";
import { NodeInterface } from "../node-interface";
import { connectionOf, PageArguments } from "../page";
import { known, typeNamed } from "../registry";
import { DateTime } from "../scalars";

@ObjectType("ScimToken", {
  implements: NodeInterface,
  simpleResolvers: true,
  description: "A token for an identity provider, without its secret, which is shown once.",
})
export class ScimTokenNode extends NodeInterface {
  @Field(() => String, { description: "What it was named." })
  name!: string;

  @Field(() => [String], { description: "scim.read, scim.write." })
  scopes!: string[];

  @Field(() => [String], { description: "Networks from which it works; empty: any." })
  ipAllow!: string[];

  @Field(() => DateTime, { nullable: true, description: "Until when it works; absent: without end." })
  expiresAt!: string | null;

  @Field(() => DateTime, { nullable: true, description: "When it was used last, to five minutes." })
  lastUsedAt!: string | null;

  @Field(() => DateTime, { nullable: true, description: "When it was revoked." })
  revokedAt!: string | null;

  @Field(() => DateTime, { description: "When it was made." })
  createdAt!: string;

  @Field(() => typeNamed("IdentityConnection"), { nullable: true, description: "For which connection." })
  connection!: object | null;
}

@ArgsType()
export class ScimTokenArguments extends PageArguments {
  @Field(() => CreationOrder, { nullable: true, description: "In which order; oldest first without it." })
  orderBy?: string;
}

known("ScimToken", ScimTokenNode);
const ScimTokenConnection = connectionOf("ScimToken", () => ScimTokenNode);

@Resolver()
export class ScimTokenQueries {
  @Query(() => ScimTokenConnection, { description: "The live tokens of your identity providers." })
  async scimTokens(
    @Args(() => ScimTokenArguments) page: ScimTokenArguments,
    @Ctx() context: GatewayContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<unknown> {
    return lookAtRoot(context, info, page);
  }
}
