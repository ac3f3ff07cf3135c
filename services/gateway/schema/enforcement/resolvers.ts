import type { GraphQLResolveInfo } from "graphql";
import { Arg, Args, Ctx, FieldResolver, Info, Mutation, Query, Resolver, Root } from "type-graphql";
import {
  addExemption,
  dryRunEnforcement,
  removeExemption,
  setEnforcement,
  showEnforcement,
  type DryRunReport,
  type ExemptionInput,
  type SsoPolicy,
} from "../../../domain/identity";
import type { Tx } from "../../../platform/unit-of-work";
import type { GatewayContext } from "../../context";
import { toGraphQL } from "../../errors/to-graphql";
import { act } from "../../execution/act";
import { ask } from "../../execution/ask";
import { lookAtRoot } from "../../execution/look";
import { pageOf } from "../../execution/page-of";
import { optional, optionalId } from "../inputs";
import { PageArguments } from "../page";
import {
  AddSsoExemptionInput,
  AddSsoExemptionPayload,
  LockedOutMemberConnection,
  RemoveSsoExemptionInput,
  RemoveSsoExemptionPayload,
  SetSsoEnforcementInput,
  SetSsoEnforcementPayload,
  SsoEnforcementNode,
  SsoEnforcementPreviewNode,
  SsoExemptionArguments,
  SsoExemptionConnection,
} from "./node";
import { enforcementShown, lockedOutShown } from "./view";

@Resolver()
export class EnforcementQueries {
  @Query(() => SsoEnforcementNode, { description: "How your organization stands to single sign-on." })
  async ssoEnforcement(@Ctx() context: GatewayContext): Promise<unknown> {
    return ask(context, async (tx) => enforcementShown(await showEnforcement(tx, {})));
  }

  @Query(() => SsoEnforcementPreviewNode, { description: "Who could not sign in if single sign-on were required now." })
  async previewSsoEnforcement(@Ctx() context: GatewayContext): Promise<unknown> {
    return ask(context, async (tx) => {
      const report = await dryRunEnforcement(tx, {});
      return { digest: report.digest, apiTokensStopped: report.apiTokens, report };
    });
  }

  @Query(() => SsoExemptionConnection, { description: "Whom enforcement does not bind, and who may break the glass." })
  async ssoExemptions(
    @Args(() => SsoExemptionArguments) page: SsoExemptionArguments,
    @Ctx() context: GatewayContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<unknown> {
    return lookAtRoot(context, info, page);
  }
}

@Resolver(() => SsoEnforcementPreviewNode)
export class EnforcementPreviewLinks {
  @FieldResolver(() => LockedOutMemberConnection, { description: "Who could not sign in." })
  lockedOut(
    @Root() { report }: { readonly report: DryRunReport },
    @Args(() => PageArguments) page: PageArguments,
    @Ctx() context: GatewayContext,
  ): unknown {
    try {
      return pageOf(context, "LockedOutMember", lockedOutShown(report), page);
    } catch (error) {
      throw toGraphQL(error, context);
    }
  }
}

@Resolver()
export class EnforcementMutations {
  @Mutation(() => SetSsoEnforcementPayload, { description: "Says whether members may or must come through single sign-on." })
  async setSsoEnforcement(
    @Arg("input", () => SetSsoEnforcementInput, { description: "What to choose." }) input: SetSsoEnforcementInput,
    @Ctx() context: GatewayContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<unknown> {
    const chosen = { policy: input.policy as SsoPolicy, ...optional("acknowledged", input.acknowledged) };
    return act(context, info, {
      shows: {},
      work: async (tx) => ({ enforcement: enforcementShown(await setEnforcement(tx, chosen)) }),
    });
  }

  @Mutation(() => AddSsoExemptionPayload, { description: "Exempts somebody, or lists an owner for break-glass." })
  async addSsoExemption(
    @Arg("input", () => AddSsoExemptionInput, { description: "Whom." }) input: AddSsoExemptionInput,
    @Ctx() context: GatewayContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<unknown> {
    return act(context, info, { shows: {}, work: async (tx) => exempt(tx, input, addExemption) });
  }

  @Mutation(() => RemoveSsoExemptionPayload, { description: "Takes an exemption back; who came in by it keeps an hour." })
  async removeSsoExemption(
    @Arg("input", () => RemoveSsoExemptionInput, { description: "Whom." }) input: RemoveSsoExemptionInput,
    @Ctx() context: GatewayContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<unknown> {
    return act(context, info, { shows: {}, work: async (tx) => exempt(tx, input, removeExemption) });
  }
}

async function exempt(
  tx: Tx,
  input: AddSsoExemptionInput,
  change: (tx: Tx, input: ExemptionInput) => Promise<void>,
): Promise<{ enforcement: object }> {
  const kind = input.kind as ExemptionInput["kind"];
  await change(tx, { kind, ...optionalId("memberId", "member", input.memberId) });
  return { enforcement: enforcementShown(await showEnforcement(tx, {})) };
}
