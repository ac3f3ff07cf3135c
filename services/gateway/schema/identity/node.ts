import { Field, ID, ObjectType } from "type-graphql";
import { MemberRole, Provisioning, SamlState, ScimState } from "../enums";
import { NodeInterface } from "../node-interface";
import { known, typeNamed } from "../registry";
import { DateTime } from "../scalars";

@ObjectType("ApiToken", {
  implements: NodeInterface,
  simpleResolvers: true,
  description: "A token for a program, without its secret, which is shown once.",
})
export class ApiTokenNode extends NodeInterface {
  @Field(() => String, { description: "What it was named." })
  name!: string;

  @Field(() => MemberRole, { description: "What it may do at most." })
  role!: string;

  @Field(() => typeNamed("Member"), { nullable: true, description: "With whom it ends; absent: with nobody." })
  member!: object | null;

  @Field(() => DateTime, { description: "Until when it works." })
  expiresAt!: string;

  @Field(() => DateTime, { nullable: true, description: "When it was used last, to five minutes." })
  lastUsedAt!: string | null;

  @Field(() => DateTime, { nullable: true, description: "When it was revoked." })
  revokedAt!: string | null;

  @Field(() => DateTime, { description: "When it was made." })
  createdAt!: string;
}

@ObjectType("IdentityConnection", {
  implements: NodeInterface,
  simpleResolvers: true,
  description: "The link to one identity provider, for signing in and for provisioning.",
})
export class IdentityConnectionNode extends NodeInterface {
  @Field(() => String, { description: "What it was named." })
  name!: string;

  @Field(() => SamlState, { description: "Whether signing in works." })
  samlState!: string;

  @Field(() => ScimState, { description: "Whether provisioning works." })
  scimState!: string;

  @Field(() => Provisioning, { description: "Who may come in by signing in." })
  provisioning!: string;

  @Field(() => String, { nullable: true, description: "The entity id of the identity provider." })
  idpEntityId!: string | null;

  @Field(() => [String], { description: "E-mail domains that sign in here." })
  domains!: string[];

  @Field(() => String, { description: "Where our metadata are found." })
  metadataUrl!: string;

  @Field(() => String, { description: "Where the identity provider posts its answers." })
  acsUrl!: string;

  @Field(() => String, { description: "Where signing in begins." })
  loginUrl!: string;

  @Field(() => String, { description: "Our entity id at the identity provider." })
  entityId!: string;

  @Field(() => String, { description: "The base URL of provisioning." })
  scimBaseUrl!: string;

  @Field(() => DateTime, { nullable: true, description: "When the identity provider was heard of last." })
  lastSeenAt!: string | null;

  @Field(() => DateTime, { description: "When it was made." })
  createdAt!: string;

  @Field(() => ID, { description: "Changes with every change." })
  version!: string;
}

known("ApiToken", ApiTokenNode);
known("IdentityConnection", IdentityConnectionNode);
