import { Field, ID, InputType, Int } from "type-graphql";
import { MemberRole } from "../enums";

@InputType("CreateTokenInput", { description: "A token for a program." })
export class CreateTokenInput {
  @Field(() => String, { description: "What it is for." })
  name!: string;

  @Field(() => MemberRole, { description: "What it may do; at most what you may." })
  role!: string;

  @Field(() => Int, { nullable: true, description: "For how many days, 366 at most; 90 without it." })
  validDays?: number | null;

  @Field(() => ID, { nullable: true, description: "With whom it ends; with you without it." })
  memberId?: string | null;
}

@InputType("RevokeTokenInput", { description: "Which token." })
export class RevokeTokenInput {
  @Field(() => ID, { description: "tok_…" })
  tokenId!: string;
}

@InputType("CreateScimTokenInput", { description: "A token for an identity provider." })
export class CreateScimTokenInput {
  @Field(() => ID, { nullable: true, description: "con_…; your oldest connection without it." })
  connectionId?: string | null;

  @Field(() => String, { nullable: true, description: "What it is for." })
  name?: string | null;

  @Field(() => [String], { nullable: true, description: "scim.read, scim.write; both without it." })
  scopes?: string[] | null;

  @Field(() => [String], { nullable: true, description: "Networks from which it works; any without it." })
  ipAllow?: string[] | null;

  @Field(() => Int, { nullable: true, description: "For how many days; without end without it." })
  validDays?: number | null;
}

@InputType("RevokeScimTokenInput", { description: "Which token." })
export class RevokeScimTokenInput {
  @Field(() => ID, { description: "sct_…" })
  tokenId!: string;
}
