import { Field, ID, ObjectType } from "type-graphql";
import { Payload, payloadOf } from "../payload";
import { DateTime } from "../scalars";
import { ApiTokenNode, IdentityConnectionNode } from "./node";

@ObjectType("CreateTokenPayload", { simpleResolvers: true, description: "What CreateToken answers with." })
export class CreateTokenPayload extends Payload {
  @Field(() => ApiTokenNode, { nullable: true, description: "The token, without its secret." })
  token!: ApiTokenNode | null;

  @Field(() => String, { nullable: true, description: "The secret, for `Authorization: Bearer`. Shown this once." })
  secret!: string | null;
}

export const RevokeTokenPayload = payloadOf("RevokeTokenPayload", "token", {
  type: () => ApiTokenNode,
  description: "As it is now.",
});

@ObjectType("CreateScimTokenPayload", { simpleResolvers: true, description: "What CreateScimToken answers with." })
export class CreateScimTokenPayload extends Payload {
  @Field(() => IdentityConnectionNode, { nullable: true, description: "The connection that it works for." })
  connection!: IdentityConnectionNode | null;

  @Field(() => ID, { nullable: true, description: "sct_…, for revoking it." })
  tokenId!: string | null;

  @Field(() => String, { nullable: true, description: "The secret for the identity provider. Shown this once." })
  secret!: string | null;

  @Field(() => DateTime, { nullable: true, description: "Until when it works." })
  expiresAt!: string | null;
}

@ObjectType("RevokeScimTokenPayload", { simpleResolvers: true, description: "What RevokeScimToken answers with." })
export class RevokeScimTokenPayload extends Payload {
  @Field(() => ID, { nullable: true, description: "The token that has ended." })
  tokenId!: string | null;
}
