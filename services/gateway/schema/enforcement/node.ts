import { ArgsType, Field, ID, InputType, Int, ObjectType } from "type-graphql";
import { closedSet, CreationOrder } from "../enums";
import { connectionOf, PageArguments } from "../page";
import { Payload, payloadOf } from "../payload";
import { known, typeNamed } from "../registry";
import { DateTime } from "../scalars";

export const SsoPolicy = closedSet("SsoPolicy", "Whether members may or must come through single sign-on.", [
  "OFF",
  "OPTIONAL",
  "REQUIRED",
]);
export const SsoExemptionKind = closedSet("SsoExemptionKind", "Whom enforcement does not bind.", [
  "BREAK_GLASS",
  "PERSON",
  "GUESTS",
  "API_TOKENS",
]);
export const LockOutReason = closedSet("LockOutReason", "Why somebody could not sign in.", [
  "NO_RECENT_SSO",
  "DOMAIN_NOT_COVERED",
  "SCIM_INACTIVE",
  "NO_SEAT",
]);
export const EnforcementNeed = closedSet("EnforcementNeed", "What requiring single sign-on stands on.", [
  "ENTITLEMENT",
  "CONNECTION",
  "DOMAIN",
  "BREAK_GLASS",
]);

@ObjectType("SsoEnforcement", { simpleResolvers: true, description: "How your organization stands to single sign-on." })
export class SsoEnforcementNode {
  @Field(() => SsoPolicy, { description: "What was chosen." })
  policy!: string;

  @Field(() => Boolean, { description: "Whether it waits, because what it stands on is gone." })
  isPaused!: boolean;

  @Field(() => Boolean, { description: "Whether members must come through single sign-on at this moment." })
  isInForce!: boolean;

  @Field(() => [EnforcementNeed], { description: "What is missing for requiring it." })
  missing!: string[];
}

@ObjectType("LockedOutMember", { simpleResolvers: true, description: "Somebody who could not sign in." })
export class LockedOutMemberNode {
  @Field(() => ID, { description: "mem_…" })
  memberId!: string;

  @Field(() => String, { nullable: true, description: "Their name." })
  displayName!: string | null;

  @Field(() => String, { nullable: true, description: "Their address." })
  email!: string | null;

  @Field(() => [LockOutReason], { description: "Why." })
  reasons!: string[];
}

export const LockedOutMemberConnection = connectionOf("LockedOutMember", () => LockedOutMemberNode);

@ObjectType("SsoEnforcementPreview", {
  simpleResolvers: true,
  description: "What requiring single sign-on would do now.",
})
export class SsoEnforcementPreviewNode {
  @Field(() => String, { description: "Names this very report: setSsoEnforcement wants to hear it back." })
  digest!: string;

  @Field(() => Int, { description: "How many API tokens would stop working." })
  apiTokensStopped!: number;

  @Field(() => LockedOutMemberConnection, { description: "Who could not sign in." })
  lockedOut!: object;
}

@ObjectType("SsoExemption", { simpleResolvers: true, description: "Whom enforcement does not bind, or who may break the glass." })
export class SsoExemptionNode {
  @Field(() => SsoExemptionKind, { description: "By which kind." })
  kind!: string;

  @Field(() => typeNamed("Member"), { nullable: true, description: "Who; absent for the two switches." })
  member!: object | null;

  @Field(() => DateTime, { description: "Since when." })
  createdAt!: string;
}

@InputType("SsoExemptionFilter", { description: "Which exemptions." })
export class SsoExemptionFilter {
  @Field(() => [SsoExemptionKind], { nullable: true, description: "Of one of these kinds." })
  kind?: string[];
}

@ArgsType()
export class SsoExemptionArguments extends PageArguments {
  @Field(() => SsoExemptionFilter, { nullable: true, description: "Which exemptions." })
  filter?: SsoExemptionFilter;

  @Field(() => CreationOrder, { nullable: true, description: "In which order; oldest first without it." })
  orderBy?: string;
}

@InputType("SetSsoEnforcementInput", { description: "May, must, or neither." })
export class SetSsoEnforcementInput {
  @Field(() => SsoPolicy, { description: "What to choose." })
  policy!: string;

  @Field(() => String, { nullable: true, description: "For REQUIRED: the digest of the report that you have read." })
  acknowledged?: string | null;
}

@InputType({ description: "Whom." })
abstract class ExemptionInput {
  @Field(() => SsoExemptionKind, { description: "By which kind." })
  kind!: string;

  @Field(() => ID, { nullable: true, description: "mem_…; none for GUESTS and API_TOKENS." })
  memberId?: string | null;
}

@InputType("AddSsoExemptionInput", { description: "Whom not to bind." })
export class AddSsoExemptionInput extends ExemptionInput {}

@InputType("RemoveSsoExemptionInput", { description: "Whom to bind again." })
export class RemoveSsoExemptionInput extends ExemptionInput {}

const enforcementPayload = (name: string) =>
  payloadOf(`${name}Payload`, "enforcement", { type: () => SsoEnforcementNode, description: "As it is now." });
export const SetSsoEnforcementPayload = enforcementPayload("SetSsoEnforcement");
export const AddSsoExemptionPayload = enforcementPayload("AddSsoExemption");
export const RemoveSsoExemptionPayload = enforcementPayload("RemoveSsoExemption");
export type EnforcementPayload = Payload;

known("SsoExemption", SsoExemptionNode);
export const SsoExemptionConnection = connectionOf("SsoExemption", () => SsoExemptionNode);
