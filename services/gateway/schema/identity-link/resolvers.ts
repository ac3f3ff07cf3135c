import type { GraphQLResolveInfo } from "graphql";
import { Arg, Args, Ctx, Info, Mutation, Query, Resolver } from "type-graphql";
import { approveIdentityLink, rejectIdentityLink } from "../../../domain/identity";
import type { IdentityLinkId } from "../../../kernel/ids";
import type { Tx } from "../../../platform/unit-of-work";
import type { GatewayContext } from "../../context";
import { act } from "../../execution/act";
import { lookAtRoot } from "../../execution/look";
import { idAt } from "../inputs";
import {
  ApproveIdentityLinkInput,
  ApproveIdentityLinkPayload,
  IdentityLinkArguments,
  IdentityLinkConnection,
  RejectIdentityLinkInput,
  RejectIdentityLinkPayload,
} from "./node";

@Resolver()
export class IdentityLinkQueries {
  @Query(() => IdentityLinkConnection, { description: "Identities that have a member's address, and what became of them." })
  async identityLinks(
    @Args(() => IdentityLinkArguments) page: IdentityLinkArguments,
    @Ctx() context: GatewayContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<unknown> {
    return lookAtRoot(context, info, page);
  }
}

@Resolver()
export class IdentityLinkMutations {
  @Mutation(() => ApproveIdentityLinkPayload, { description: "Makes a waiting identity the member's." })
  async approveIdentityLink(
    @Arg("input", () => ApproveIdentityLinkInput, { description: "Which." }) input: ApproveIdentityLinkInput,
    @Ctx() context: GatewayContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<unknown> {
    return decide(context, info, input, approveIdentityLink);
  }

  @Mutation(() => RejectIdentityLinkPayload, { description: "Keeps a waiting identity out until the link has run out." })
  async rejectIdentityLink(
    @Arg("input", () => RejectIdentityLinkInput, { description: "Which." }) input: RejectIdentityLinkInput,
    @Ctx() context: GatewayContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<unknown> {
    return decide(context, info, input, rejectIdentityLink);
  }
}

async function decide(
  context: GatewayContext,
  info: GraphQLResolveInfo,
  input: { readonly linkId: string },
  work: (tx: Tx, input: { id: IdentityLinkId }) => Promise<void>,
): Promise<unknown> {
  return act(context, info, {
    shows: { link: "identityLinkById" },
    async work(tx) {
      const id = idAt("linkId", "identityLink", input.linkId);
      await work(tx, { id });
      return { link: id };
    },
  });
}
