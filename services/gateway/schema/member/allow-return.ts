import type { GraphQLResolveInfo } from "graphql";
import { Arg, Ctx, Field, ID, Info, InputType, Mutation, ObjectType, Resolver } from "type-graphql";
import { allowReturn } from "../../../domain/identity";
import type { GatewayContext } from "../../context";
import { act } from "../../execution/act";
import { idAt } from "../inputs";
import { Payload } from "../payload";

@InputType("AllowMemberReturnInput", { description: "Whom to let back in." })
export class AllowMemberReturnInput {
  @Field(() => ID, { description: "mem_…, as it stands in the audit log." })
  memberId!: string;
}

@ObjectType("AllowMemberReturnPayload", {
  simpleResolvers: true,
  description: "What AllowMemberReturn answers with.",
})
export class AllowMemberReturnPayload extends Payload {
  @Field(() => Boolean, { nullable: true, description: "Whether anything kept them out." })
  wasKeptOut!: boolean | null;
}

@Resolver()
export class AllowReturnMutations {
  @Mutation(() => AllowMemberReturnPayload, {
    description: "Lets somebody whom the identity provider deleted sign in again, as a new member.",
  })
  async allowMemberReturn(
    @Arg("input", () => AllowMemberReturnInput, { description: "Whom." }) input: AllowMemberReturnInput,
    @Ctx() context: GatewayContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<unknown> {
    return act(context, info, {
      shows: {},
      async work(tx) {
        const memberId = idAt("memberId", "member", input.memberId);
        return { wasKeptOut: await allowReturn(tx, { memberId }) };
      },
    });
  }
}
