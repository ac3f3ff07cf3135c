import type { GraphQLResolveInfo } from "graphql";
import { Arg, Ctx, Field, ID, Info, InputType, Mutation, Resolver } from "type-graphql";
import { changeMember, parseProfile, removeMember, transferOwnership, type MemberChange } from "../../../domain/members";
import type { MemberId } from "../../../kernel/ids";
import { PlenumError } from "../../../kernel/errors";
import type { Role } from "../../../platform/caller";
import type { Tx } from "../../../platform/unit-of-work";
import type { GatewayContext } from "../../context";
import { act } from "../../execution/act";
import { MemberRole } from "../enums";
import { changeOf, idAt, optional } from "../inputs";
import { payloadOf } from "../payload";
import { MemberNode } from "./node";

@InputType({ description: "Which member." })
abstract class MemberInput {
  @Field(() => ID, { description: "mem_…" })
  memberId!: string;

  @Field(() => ID, { nullable: true, description: "Refused where the member has changed since." })
  ifVersion?: string | null;
}

@InputType("UpdateMemberInput", { description: "What to change; what is left out stays, null clears." })
export class UpdateMemberInput extends MemberInput {
  @Field(() => String, { nullable: true, description: "The name to be shown." })
  displayName?: string | null;

  @Field(() => String, { nullable: true, description: "Given name." })
  givenName?: string | null;

  @Field(() => String, { nullable: true, description: "Family name." })
  familyName?: string | null;

  @Field(() => String, { nullable: true, description: "Job title." })
  title?: string | null;

  @Field(() => String, { nullable: true, description: "Department." })
  department?: string | null;

  @Field(() => String, { nullable: true, description: "Language and region." })
  locale?: string | null;

  @Field(() => String, { nullable: true, description: "IANA time zone." })
  timeZone?: string | null;
}

@InputType("SuspendMemberInput", { description: "Whom to suspend." })
export class SuspendMemberInput extends MemberInput {}

@InputType("ReactivateMemberInput", { description: "Whom to bring back." })
export class ReactivateMemberInput extends MemberInput {}

@InputType("RemoveMemberInput", { description: "Whom to remove." })
export class RemoveMemberInput extends MemberInput {}

@InputType("ChangeMemberRoleInput", { description: "Whose role." })
export class ChangeMemberRoleInput extends MemberInput {
  @Field(() => MemberRole, { description: "The new role." })
  role!: string;
}

@InputType("TransferOwnershipInput", { description: "To whom." })
export class TransferOwnershipInput {
  @Field(() => ID, { description: "The member who becomes an owner; you become an admin." })
  memberId!: string;
}

const memberPayload = (name: string) =>
  payloadOf(`${name}Payload`, "member", { type: () => MemberNode, description: "As they are now." });
const UpdateMemberPayload = memberPayload("UpdateMember");
const SuspendMemberPayload = memberPayload("SuspendMember");
const ReactivateMemberPayload = memberPayload("ReactivateMember");
const RemoveMemberPayload = memberPayload("RemoveMember");
const ChangeMemberRolePayload = memberPayload("ChangeMemberRole");
const TransferOwnershipPayload = memberPayload("TransferOwnership");

@Resolver()
export class MemberMutations {
  @Mutation(() => UpdateMemberPayload, { description: "Changes a member's profile." })
  async updateMember(
    @Arg("input", () => UpdateMemberInput, { description: "What to change." }) input: UpdateMemberInput,
    @Ctx() context: GatewayContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<unknown> {
    const names = ["displayName", "givenName", "familyName", "title", "department", "locale", "timeZone"] as const;
    return change(context, info, input, () => ({ kind: "profile", set: parseProfile(changeOf(input, [], names)) }));
  }

  @Mutation(() => SuspendMemberPayload, { description: "Ends a member's access; the seat is free at once." })
  async suspendMember(
    @Arg("input", () => SuspendMemberInput, { description: "Whom." }) input: SuspendMemberInput,
    @Ctx() context: GatewayContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<unknown> {
    return change(context, info, input, () => ({ kind: "suspend" }));
  }

  @Mutation(() => ReactivateMemberPayload, { description: "Brings a suspended member back, into a seat." })
  async reactivateMember(
    @Arg("input", () => ReactivateMemberInput, { description: "Whom." }) input: ReactivateMemberInput,
    @Ctx() context: GatewayContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<unknown> {
    return change(context, info, input, () => ({ kind: "activate" }));
  }

  @Mutation(() => ChangeMemberRolePayload, { description: "Changes what a member may do." })
  async changeMemberRole(
    @Arg("input", () => ChangeMemberRoleInput, { description: "Whose role." }) input: ChangeMemberRoleInput,
    @Ctx() context: GatewayContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<unknown> {
    return change(context, info, input, () => ({ kind: "grantRole", role: input.role as Role }));
  }

  @Mutation(() => RemoveMemberPayload, { description: "Removes a member; the seat and the user name are free at once." })
  async removeMember(
    @Arg("input", () => RemoveMemberInput, { description: "Whom." }) input: RemoveMemberInput,
    @Ctx() context: GatewayContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<unknown> {
    return act(context, info, {
      shows: { member: "memberOnceById" },
      async work(tx) {
        const id = idAt("memberId", "member", input.memberId);
        await removeMember(tx, { id, ...optional("ifVersion", input.ifVersion) });
        return { member: id };
      },
    });
  }

  @Mutation(() => TransferOwnershipPayload, { description: "Makes another member an owner in your place." })
  async transferOwnership(
    @Arg("input", () => TransferOwnershipInput, { description: "To whom." }) input: TransferOwnershipInput,
    @Ctx() context: GatewayContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<unknown> {
    return act(context, info, {
      shows: { member: "memberById" },
      async work(tx) {
        const to = idAt("memberId", "member", input.memberId);
        await transferOwnership(tx, { from: ownMembership(tx), to });
        return { member: to };
      },
    });
  }
}

async function change(
  context: GatewayContext,
  info: GraphQLResolveInfo,
  input: MemberInput,
  wanted: () => MemberChange,
): Promise<unknown> {
  return act(context, info, {
    shows: { member: "memberById" },
    async work(tx) {
      const id = idAt("memberId", "member", input.memberId);
      await changeMember(tx, { id, changes: [wanted()], ...optional("ifVersion", input.ifVersion) });
      return { member: id };
    },
  });
}

// Ownership is handed on by whoever has it; a token of nobody's has none.
function ownMembership({ caller }: Tx): MemberId {
  const own = caller.kind === "person" || caller.kind === "token" ? caller.memberId : null;
  if (own === null) throw new PlenumError("forbidden", "ownership is handed on by its owner", {});
  return own;
}
