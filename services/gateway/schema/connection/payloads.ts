import { Field, ID, Int, ObjectType } from "type-graphql";
import { IdentityConnectionNode } from "../identity/node";
import { Payload, payloadOf } from "../payload";
import { DateTime } from "../scalars";
import { IdpCertificateNode, SpKeyNode } from "./node";

const connectionPayload = (name: string) =>
  payloadOf(`${name}Payload`, "connection", { type: () => IdentityConnectionNode, description: "As it is now." });
const certificatePayload = (name: string) =>
  payloadOf(`${name}Payload`, "certificate", { type: () => IdpCertificateNode, description: "As it is now." });
const keyPayload = (name: string) =>
  payloadOf(`${name}Payload`, "key", { type: () => SpKeyNode, description: "As it is now." });

export const ImportConnectionPayload = connectionPayload("ImportConnection");
export const CreateConnectionPayload = connectionPayload("CreateConnection");
export const UpdateConnectionPayload = connectionPayload("UpdateConnection");
export const SetSamlStatePayload = connectionPayload("SetSamlState");
export const SetScimStatePayload = connectionPayload("SetScimState");
export const RestoreConnectionPayload = connectionPayload("RestoreConnection");
export const AddIdpCertificatePayload = certificatePayload("AddIdpCertificate");
export const AcceptIdpCertificatePayload = certificatePayload("AcceptIdpCertificate");
export const RetireIdpCertificatePayload = certificatePayload("RetireIdpCertificate");
export const AddSpKeyPayload = keyPayload("AddSpKey");
export const SetSpKeyStatusPayload = keyPayload("SetSpKeyStatus");

@ObjectType("DeleteConnectionPayload", { simpleResolvers: true, description: "What DeleteConnection answers with." })
export class DeleteConnectionPayload extends Payload {
  @Field(() => ID, { nullable: true, description: "The connection that was deleted; for 30 days it can be restored." })
  connectionId!: string | null;
}

@ObjectType("ReportIdpCertificateCompromisedPayload", {
  simpleResolvers: true,
  description: "What ReportIdpCertificateCompromised answers with.",
})
export class ReportIdpCertificateCompromisedPayload extends Payload {
  @Field(() => IdpCertificateNode, { nullable: true, description: "As it is now." })
  certificate!: IdpCertificateNode | null;

  @Field(() => Int, { nullable: true, description: "How many sessions ended with it." })
  sessionsEnded!: number | null;
}

@ObjectType("RefreshConnectionMetadataPayload", {
  simpleResolvers: true,
  description: "What RefreshConnectionMetadata answers with.",
})
export class RefreshConnectionMetadataPayload extends Payload {
  @Field(() => IdentityConnectionNode, { nullable: true, description: "As it is now." })
  connection!: IdentityConnectionNode | null;

  @Field(() => [String], { nullable: true, description: "SHA-256 of certificates that vouch from now on." })
  added!: string[] | null;

  @Field(() => [String], { nullable: true, description: "SHA-256 of those that wait to be accepted." })
  pending!: string[] | null;

  @Field(() => [String], { nullable: true, description: "SHA-256 of those that were retired." })
  retired!: string[] | null;

  @Field(() => [String], { nullable: true, description: "Settings that differ from what is published." })
  differing!: string[] | null;
}

@ObjectType("RotateScimTokenPayload", { simpleResolvers: true, description: "What RotateScimToken answers with." })
export class RotateScimTokenPayload extends Payload {
  @Field(() => IdentityConnectionNode, { nullable: true, description: "The connection that it works for." })
  connection!: IdentityConnectionNode | null;

  @Field(() => ID, { nullable: true, description: "sct_…: the new one." })
  tokenId!: string | null;

  @Field(() => String, { nullable: true, description: "The secret for the identity provider. Shown this once." })
  secret!: string | null;

  @Field(() => DateTime, { nullable: true, description: "Until when it works." })
  expiresAt!: string | null;

  @Field(() => DateTime, { nullable: true, description: "Until when the old one works." })
  previousEndsAt!: string | null;
}
