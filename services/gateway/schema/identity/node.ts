import { Field, ID, Int, ObjectType } from "type-graphql";
import { Binding, IdpInitiated, MetadataMode, RoleCeiling, SignaturePolicy } from "../connection/enums";
import { IdpCertificateNode, SpKeyNode } from "../connection/node";
import { MemberRole, PermissionName, Provisioning, SamlState, ScimState } from "../enums";
import { NodeInterface } from "../node-interface";
import { known, typeNamed } from "../registry";
import { DateTime, Json } from "../scalars";

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

  @Field(() => String, { description: "Where single logout arrives." })
  logoutUrl!: string;

  @Field(() => String, { nullable: true, description: "Where the identity provider signs people in." })
  idpSsoUrl!: string | null;

  @Field(() => Binding, { nullable: true, description: "By which way it is asked to." })
  idpSsoBinding!: string | null;

  @Field(() => String, { nullable: true, description: "Where the identity provider signs people out." })
  idpSloUrl!: string | null;

  @Field(() => Binding, { nullable: true, description: "By which way it is asked to." })
  idpSloBinding!: string | null;

  @Field(() => String, { nullable: true, description: "An entity id of our own that an older installation had." })
  spEntityId!: string | null;

  @Field(() => Boolean, { description: "Whether we sign what we ask." })
  signRequests!: boolean;

  @Field(() => SignaturePolicy, { description: "What has to be signed in an answer." })
  signaturePolicy!: string;

  @Field(() => Boolean, { description: "Whether assertions have to be encrypted." })
  requireEncryption!: boolean;

  @Field(() => Int, { description: "By how much clocks may differ." })
  skewSeconds!: number;

  @Field(() => IdpInitiated, { description: "What happens with sign-ins that nobody asked for." })
  idpInitiated!: string;

  @Field(() => Json, { description: "Under which names the identity provider sends what, where they are not the usual ones." })
  mapping!: object;

  @Field(() => RoleCeiling, { description: "The highest role that it may give." })
  roleCeiling!: string;

  @Field(() => Json, { description: "Settings that differ from the strict default." })
  options!: object;

  @Field(() => String, { nullable: true, description: "Where the identity provider publishes its metadata." })
  idpMetadataUrl!: string | null;

  @Field(() => MetadataMode, { description: "What follows when they change." })
  idpMetadataMode!: string;

  @Field(() => DateTime, { nullable: true, description: "When they were fetched last." })
  idpMetadataCheckedAt!: string | null;

  @Field(() => DateTime, { nullable: true, description: "Until when they say they are valid." })
  idpMetadataValidUntil!: string | null;

  @Field(() => Int, { description: "How often in a row they could not be fetched." })
  idpMetadataFailures!: number;

  @Field(() => [IdpCertificateNode], { description: "By which its answers are checked, and those before." })
  certificates!: IdpCertificateNode[];

  @Field(() => [SpKeyNode], { description: "Keys of our own, those before included." })
  keys!: SpKeyNode[];

  @Field(() => Boolean, { description: "Whether the operator vouches for it." })
  vouchedByOperator!: boolean;

  @Field(() => DateTime, { description: "When it was changed last." })
  updatedAt!: string;

  @Field(() => DateTime, { nullable: true, description: "When it was deleted; for 30 days it can be restored." })
  deletedAt!: string | null;

  @Field(() => [PermissionName], { description: "What you may do here." })
  viewerMay!: string[];

  @Field(() => ID, { description: "Changes with every change." })
  version!: string;
}

known("ApiToken", ApiTokenNode);
known("IdentityConnection", IdentityConnectionNode);
