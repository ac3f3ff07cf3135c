import { Field, ID, InputType, Int, ObjectType } from "type-graphql";
import type { OAuthClient } from "../../../domain/identity";
import { publicId } from "../../../kernel/ids";
import { closedSet } from "../enums";
import { Payload } from "../payload";
import { DateTime, Json } from "../scalars";

export const ClientProofName = closedSet("OAuthClientProof", "By what a client proves itself.", ["SECRET", "KEYS"]);

@ObjectType("ProvisioningOAuthClient", {
  simpleResolvers: true,
  description: "A client that gets tokens for an hour each, by OAuth 2.0 client credentials; without its secret.",
})
export class OAuthClientNode {
  @Field(() => ID, { description: "oac_…" })
  id!: string;

  @Field(() => ID, { description: "For which connection." })
  connectionId!: string;

  @Field(() => String, { description: "What it calls itself at the token endpoint." })
  clientId!: string;

  @Field(() => String, { description: "What it was named." })
  name!: string;

  @Field(() => ClientProofName, { description: "By what it proves itself." })
  proof!: string;

  @Field(() => Json, { nullable: true, description: "Its public keys, where it has some." })
  jwks!: object | null;

  @Field(() => [String], { description: "scim.read, scim.write." })
  scopes!: string[];

  @Field(() => [String], { description: "Networks from which it works; empty: any." })
  ipAllow!: string[];

  @Field(() => DateTime, { nullable: true, description: "Until when the secret before the present one counts." })
  oldSecretUntil!: Date | null;

  @Field(() => DateTime, { nullable: true, description: "When it got a token last, to five minutes." })
  lastUsedAt!: Date | null;

  @Field(() => DateTime, { description: "When it was made." })
  createdAt!: Date;
}

@InputType("CreateOAuthClientInput", { description: "A client of an identity provider." })
export class CreateOAuthClientInput {
  @Field(() => ID, { nullable: true, description: "con_…; your oldest connection without it." })
  connectionId?: string | null;

  @Field(() => String, { description: "What it is for." })
  name!: string;

  @Field(() => Json, { nullable: true, description: "A JSON Web Key Set of its public keys; without it, it gets a secret." })
  jwks?: unknown;

  @Field(() => [String], { nullable: true, description: "scim.read, scim.write; both without it." })
  scopes?: string[] | null;

  @Field(() => [String], { nullable: true, description: "Networks from which it works; any without it." })
  ipAllow?: string[] | null;
}

@ObjectType("CreateOAuthClientPayload", { simpleResolvers: true, description: "What CreateOAuthClient answers with." })
export class CreateOAuthClientPayload extends Payload {
  @Field(() => ID, { nullable: true, description: "oac_…, for changing and revoking it." })
  id!: string | null;

  @Field(() => String, { nullable: true, description: "What it calls itself at the token endpoint." })
  clientId!: string | null;

  @Field(() => String, { nullable: true, description: "Its secret, where it has one. Shown this once." })
  secret!: string | null;

  @Field(() => String, { nullable: true, description: "Where it gets its tokens." })
  tokenUrl!: string | null;
}

@InputType("RotateOAuthClientInput", { description: "Which client gets another secret, or other keys." })
export class RotateOAuthClientInput {
  @Field(() => ID, { description: "oac_…" })
  id!: string;

  @Field(() => Json, { nullable: true, description: "Its new keys, for a client that has keys." })
  jwks?: unknown;

  @Field(() => Int, { nullable: true, description: "For how many hours the old secret counts beside; 24 without it." })
  overlapHours?: number | null;
}

@ObjectType("RotateOAuthClientPayload", { simpleResolvers: true, description: "What RotateOAuthClient answers with." })
export class RotateOAuthClientPayload extends Payload {
  @Field(() => String, { nullable: true, description: "The new secret, where it has one. Shown this once." })
  secret!: string | null;
}

@InputType("RevokeOAuthClientInput", { description: "Which client." })
export class RevokeOAuthClientInput {
  @Field(() => ID, { description: "oac_…" })
  id!: string;
}

@ObjectType("RevokeOAuthClientPayload", { simpleResolvers: true, description: "What RevokeOAuthClient answers with." })
export class RevokeOAuthClientPayload extends Payload {
  @Field(() => ID, { nullable: true, description: "The client that has ended, and all its tokens with it." })
  id!: string | null;
}

export function clientNode({ id, connectionId, jwks, scopes, ipAllow, ...client }: OAuthClient): OAuthClientNode {
  return {
    ...client,
    id: publicId("oauthClient", id),
    connectionId: publicId("connection", connectionId),
    proof: jwks === null ? "SECRET" : "KEYS",
    ...{ jwks, scopes: [...scopes], ipAllow: [...ipAllow] },
  };
}
