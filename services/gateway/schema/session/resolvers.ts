import type { GraphQLResolveInfo } from "graphql";
import { Arg, Args, Ctx, Info, Mutation, Query, Resolver } from "type-graphql";
import { revokeMemberSessions, revokeSession } from "../../../domain/identity";
import type { GatewayContext } from "../../context";
import { act } from "../../execution/act";
import { lookAtRoot } from "../../execution/look";
import { idAt } from "../inputs";
import {
  LoginSessionConnection,
  RevokeMemberSessionsInput,
  RevokeMemberSessionsPayload,
  RevokeSessionInput,
  RevokeSessionPayload,
  SessionArguments,
} from "./node";

@Resolver()
export class SessionQueries {
  @Query(() => LoginSessionConnection, { description: "The open sessions of a member." })
  async sessions(
    @Args(() => SessionArguments) page: SessionArguments,
    @Ctx() context: GatewayContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<unknown> {
    return lookAtRoot(context, info, page);
  }
}

@Resolver()
export class SessionMutations {
  @Mutation(() => RevokeSessionPayload, { description: "Ends a session at once, wherever it is." })
  async revokeSession(
    @Arg("input", () => RevokeSessionInput, { description: "Which." }) input: RevokeSessionInput,
    @Ctx() context: GatewayContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<unknown> {
    return act(context, info, {
      shows: { session: "sessionById" },
      async work(tx) {
        const id = idAt("sessionId", "session", input.sessionId);
        await revokeSession(tx, { id });
        return { session: id };
      },
    });
  }

  @Mutation(() => RevokeMemberSessionsPayload, { description: "Ends every session of a member." })
  async revokeMemberSessions(
    @Arg("input", () => RevokeMemberSessionsInput, { description: "Whose." }) input: RevokeMemberSessionsInput,
    @Ctx() context: GatewayContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<unknown> {
    return act(context, info, {
      shows: {},
      async work(tx) {
        const memberId = idAt("memberId", "member", input.memberId);
        return { sessionsEnded: await revokeMemberSessions(tx, { memberId }) };
      },
    });
  }
}
