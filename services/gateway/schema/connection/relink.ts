import type { GraphQLResolveInfo } from "graphql";
import { Arg, Ctx, Field, ID, Info, InputType, Int, Mutation, ObjectType, Query, Resolver } from "type-graphql";
import { previewRelink, relinkIdentities } from "../../../domain/identity";
import type { GatewayContext } from "../../context";
import { act } from "../../execution/act";
import { ask } from "../../execution/ask";
import { IdentityConnectionNode } from "../identity/node";
import { idAt, optional } from "../inputs";
import { Payload } from "../payload";

@ObjectType("IdentityRelink", {
  simpleResolvers: true,
  description: "Whom an earlier identity provider of a connection has introduced, and what a re-link would do with them.",
})
export class IdentityRelinkNode {
  @Field(() => String, { description: "The entity id of the earlier one." })
  fromEntityId!: string;

  @Field(() => Int, { description: "How many the present one could introduce by the same name." })
  moves!: number;

  @Field(() => Int, { description: "How many it has introduced anew already; they stay as they are." })
  taken!: number;

  @Field(() => Int, { description: "How many are above you, or owners with emergency access; they stay strangers." })
  protected!: number;
}

@InputType("RelinkIdentitiesInput", { description: "Whose people to hand on." })
export class RelinkIdentitiesInput {
  @Field(() => ID, { description: "con_…" })
  connectionId!: string;

  @Field(() => String, { description: "The entity id of the earlier identity provider." })
  fromEntityId!: string;

  @Field(() => ID, { nullable: true, description: "Refused where the connection has changed since." })
  ifVersion?: string | null;
}

@ObjectType("RelinkIdentitiesPayload", { simpleResolvers: true, description: "What RelinkIdentities answers with." })
export class RelinkIdentitiesPayload extends Payload {
  @Field(() => IdentityConnectionNode, { nullable: true, description: "As it is now." })
  connection!: IdentityConnectionNode | null;

  @Field(() => Int, { nullable: true, description: "How many are known again." })
  moved!: number | null;

  @Field(() => Int, { nullable: true, description: "How many the present one had introduced anew." })
  taken!: number | null;

  @Field(() => Int, { nullable: true, description: "How many are above you, or owners with emergency access." })
  protected!: number | null;
}

/** What becomes of people when a connection gets another identity provider (SAML-60). */
@Resolver()
export class RelinkResolvers {
  @Query(() => [IdentityRelinkNode], { description: "What a re-link of a connection would do now." })
  async identityRelinks(
    @Arg("connectionId", () => ID, { description: "con_…" }) connectionId: string,
    @Ctx() context: GatewayContext,
  ): Promise<unknown> {
    return ask(context, async (tx) => {
      const counts = await previewRelink(tx, { connectionId: idAt("connectionId", "connection", connectionId) });
      return counts.map(({ idpEntityId, ...rest }) => ({ fromEntityId: idpEntityId, ...rest }));
    });
  }

  @Mutation(() => RelinkIdentitiesPayload, {
    description: "Lets the present identity provider of a connection introduce whom an earlier one has, by the same names.",
  })
  async relinkIdentities(
    @Arg("input", () => RelinkIdentitiesInput, { description: "Whose." }) input: RelinkIdentitiesInput,
    @Ctx() context: GatewayContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<unknown> {
    return act(context, info, {
      shows: { connection: "identityConnectionById" },
      async work(tx) {
        const connectionId = idAt("connectionId", "connection", input.connectionId);
        const which = { connectionId, from: input.fromEntityId, ...optional("ifVersion", input.ifVersion) };
        const { moves, ...rest } = await relinkIdentities(tx, which);
        return { connection: connectionId, moved: moves, ...rest };
      },
    });
  }
}
