import { Field, ID, InputType, Int } from "type-graphql";
import { MemberRole, Provisioning } from "../enums";

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

@InputType("ImportConnectionInput", { description: "An identity provider, by its metadata." })
export class ImportConnectionInput {
  @Field(() => String, { description: "SAML 2.0 metadata as XML." })
  metadataXml!: string;

  @Field(() => String, { nullable: true, description: "Which entity, where the metadata hold several." })
  entityId?: string | null;

  @Field(() => ID, { nullable: true, description: "con_…; your oldest connection, or a new one, without it." })
  connectionId?: string | null;

  @Field(() => String, { nullable: true, description: "What to call the connection." })
  name?: string | null;

  @Field(() => Provisioning, { nullable: true, description: "Who may come in by signing in." })
  provisioning?: string | null;
}
