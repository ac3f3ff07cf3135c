import type { GraphQLResolveInfo } from "graphql";
import { Arg, Ctx, Field, ID, Info, InputType, Mutation, ObjectType, Resolver } from "type-graphql";
import { inviteMembers, resendInvitation, revokeInvitation } from "../../../domain/members";
import type { Role } from "../../../platform/caller";
import type { GatewayContext } from "../../context";
import { act } from "../../execution/act";
import { MemberRole, Warning } from "../enums";
import { idAt, optional } from "../inputs";
import { MemberNode } from "../member/node";
import { Payload, payloadOf } from "../payload";
import { InvitationNode } from "./node";

@InputType("InviteeInput", { description: "Somebody to invite." })
export class InviteeInput {
  @Field(() => String, { description: "Where the letter goes." })
  email!: string;

  @Field(() => String, { nullable: true, description: "Their name, until they choose one." })
  name?: string | null;

  @Field(() => MemberRole, { nullable: true, description: "What they may do; MEMBER without it." })
  role?: string | null;
}

@InputType("InviteMembersInput", { description: "Whom to invite: all of them, or nobody." })
export class InviteMembersInput {
  @Field(() => [InviteeInput], { description: "1 to 100 people." })
  invitees!: InviteeInput[];

  @Field(() => String, { nullable: true, description: "The same key and input are done once." })
  idempotencyKey?: string | null;
}

@InputType("ResendInvitationInput", { description: "Which letter to send again." })
export class ResendInvitationInput {
  @Field(() => ID, { description: "inv_…" })
  invitationId!: string;
}

@InputType("RevokeInvitationInput", { description: "Which invitation to take back." })
export class RevokeInvitationInput {
  @Field(() => ID, { description: "inv_…" })
  invitationId!: string;
}

const InviteMembersPayload = payloadOf("InviteMembersPayload", "members", {
  type: () => [MemberNode],
  description: "Who was invited, in the order of the list; their seats are reserved.",
});
const RevokeInvitationPayload = payloadOf("RevokeInvitationPayload", "invitation", {
  type: () => InvitationNode,
  description: "As it is now.",
});

@ObjectType("ResendInvitationPayload", { simpleResolvers: true, description: "What ResendInvitation answers with." })
export class ResendInvitationPayload extends Payload {
  @Field(() => InvitationNode, { nullable: true, description: "As it is now." })
  invitation!: InvitationNode | null;

  @Field(() => [Warning], { nullable: true, description: "What was done and yet deserves a look." })
  warnings!: string[] | null;
}

@Resolver()
export class InvitationMutations {
  @Mutation(() => InviteMembersPayload, { description: "Invites people; each takes a seat at once." })
  async inviteMembers(
    @Arg("input", () => InviteMembersInput, { description: "Whom." }) input: InviteMembersInput,
    @Ctx() context: GatewayContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<unknown> {
    return act(context, info, {
      shows: { members: "membersByIds" },
      once: { key: input.idempotencyKey ?? undefined, input: input.invitees },
      async work(tx) {
        const invitees = input.invitees.map(({ email, name, role }) => ({
          email,
          ...optional("name", name),
          ...optional("role", role as Role | null | undefined),
        }));
        const members = await inviteMembers(tx, { invitees });
        return { members: members.map(({ id }) => id) };
      },
    });
  }

  @Mutation(() => ResendInvitationPayload, { description: "Sends the letter again, with a new link." })
  async resendInvitation(
    @Arg("input", () => ResendInvitationInput, { description: "Which." }) input: ResendInvitationInput,
    @Ctx() context: GatewayContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<unknown> {
    return act(context, info, {
      shows: { invitation: "invitationById" },
      async work(tx) {
        const id = idAt("invitationId", "invitation", input.invitationId);
        const { warnings } = await resendInvitation(tx, { id });
        return { invitation: id, warnings: warnings.map((warning) => warning.toUpperCase()) };
      },
    });
  }

  @Mutation(() => RevokeInvitationPayload, { description: "Takes an invitation back; the seat is free at once." })
  async revokeInvitation(
    @Arg("input", () => RevokeInvitationInput, { description: "Which." }) input: RevokeInvitationInput,
    @Ctx() context: GatewayContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<unknown> {
    return act(context, info, {
      shows: { invitation: "invitationById" },
      async work(tx) {
        const id = idAt("invitationId", "invitation", input.invitationId);
        await revokeInvitation(tx, { id });
        return { invitation: id };
      },
    });
  }
}
