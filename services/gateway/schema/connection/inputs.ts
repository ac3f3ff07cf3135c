import { Field, ID, InputType, Int } from "type-graphql";
import { Provisioning, SamlState } from "../enums";
import { Binding, ScimSwitch, SpKeyStatus, SpKeyUse } from "./enums";
import { ConnectionSettings } from "./settings";

@InputType("ManualIdpInput", { description: "An identity provider that has no metadata to give." })
export class ManualIdpInput {
  @Field(() => String, { description: "Its entity id." })
  idpEntityId!: string;

  @Field(() => String, { description: "Where it signs people in." })
  ssoUrl!: string;

  @Field(() => Binding, { nullable: true, description: "By which way it is asked to; REDIRECT without it." })
  ssoBinding?: string | null;

  @Field(() => String, { nullable: true, description: "Where it signs people out." })
  sloUrl?: string | null;

  @Field(() => Binding, { nullable: true, description: "By which way it is asked to; REDIRECT without it." })
  sloBinding?: string | null;

  @Field(() => [String], { description: "One to five certificates, in PEM or base64." })
  certificates!: string[];
}

@InputType("ImportConnectionInput", { description: "An identity provider: by one of its metadata, their address, or its settings." })
export class ImportConnectionInput {
  @Field(() => String, { nullable: true, description: "SAML 2.0 metadata as XML." })
  metadataXml?: string | null;

  @Field(() => String, { nullable: true, description: "Where they are published; they are fetched now and followed later." })
  metadataUrl?: string | null;

  @Field(() => ManualIdpInput, { nullable: true, description: "What to enter where there are none." })
  manual?: ManualIdpInput | null;

  @Field(() => String, { nullable: true, description: "Which entity, where the metadata hold several." })
  entityId?: string | null;

  @Field(() => ID, { nullable: true, description: "con_…; your oldest connection, or a new one, without it." })
  connectionId?: string | null;

  @Field(() => String, { nullable: true, description: "What to call the connection." })
  name?: string | null;

  @Field(() => Provisioning, { nullable: true, description: "Who may come in by signing in." })
  provisioning?: string | null;
}

@InputType("CreateConnectionInput", { description: "A connection without an identity provider yet." })
export class CreateConnectionInput {
  @Field(() => String, { description: "What to call it." })
  name!: string;
}

@InputType("UpdateConnectionInput", { description: "What to change; what is left out stays, null clears." })
export class UpdateConnectionInput extends ConnectionSettings {
  @Field(() => ID, { description: "con_…" })
  connectionId!: string;

  @Field(() => ID, { nullable: true, description: "Refused where the connection has changed since." })
  ifVersion?: string | null;
}

@InputType({ description: "Which connection." })
abstract class ConnectionInput {
  @Field(() => ID, { description: "con_…" })
  connectionId!: string;

  @Field(() => ID, { nullable: true, description: "Refused where the connection has changed since." })
  ifVersion?: string | null;
}

@InputType("SetSamlStateInput", { description: "Whether people sign in by it." })
export class SetSamlStateInput extends ConnectionInput {
  @Field(() => SamlState, { description: "From DRAFT to TESTING or ACTIVE, and back by DISABLED." })
  state!: string;
}

@InputType("SetScimStateInput", { description: "Whether it provisions." })
export class SetScimStateInput extends ConnectionInput {
  @Field(() => ScimSwitch, { description: "Members stay as they are in every case." })
  state!: string;
}

@InputType("DeleteConnectionInput", { description: "Which connection." })
export class DeleteConnectionInput extends ConnectionInput {}

@InputType("RestoreConnectionInput", { description: "Which deleted connection." })
export class RestoreConnectionInput {
  @Field(() => ID, { description: "con_…" })
  connectionId!: string;
}

@InputType("RefreshConnectionMetadataInput", { description: "Of which connection." })
export class RefreshConnectionMetadataInput {
  @Field(() => ID, { description: "con_…" })
  connectionId!: string;
}

@InputType("AddIdpCertificateInput", { description: "A certificate of an identity provider." })
export class AddIdpCertificateInput {
  @Field(() => ID, { description: "con_…" })
  connectionId!: string;

  @Field(() => String, { description: "In PEM or base64." })
  certificate!: string;
}

@InputType({ description: "Which certificate." })
abstract class CertificateInput {
  @Field(() => ID, { description: "idpc_…" })
  certificateId!: string;
}

@InputType("AcceptIdpCertificateInput", { description: "Which one of those that metadata announced." })
export class AcceptIdpCertificateInput extends CertificateInput {}

@InputType("RetireIdpCertificateInput", { description: "Which certificate." })
export class RetireIdpCertificateInput extends CertificateInput {}

@InputType("ReportIdpCertificateCompromisedInput", { description: "Whose key is in wrong hands." })
export class ReportIdpCertificateCompromisedInput extends CertificateInput {}

@InputType("AddSpKeyInput", { description: "For what." })
export class AddSpKeyInput {
  @Field(() => ID, { description: "con_…" })
  connectionId!: string;

  @Field(() => SpKeyUse, { description: "What it is for." })
  use!: string;
}

@InputType("SetSpKeyStatusInput", { description: "The next step of a key." })
export class SetSpKeyStatusInput {
  @Field(() => ID, { description: "spk_…" })
  keyId!: string;

  @Field(() => SpKeyStatus, { description: "NEXT, PUBLISHED, ACTIVE, RETIRED, one after the other." })
  status!: string;
}

@InputType("RotateScimTokenInput", { description: "Which token, and for how long it goes on." })
export class RotateScimTokenInput {
  @Field(() => ID, { description: "sct_…" })
  tokenId!: string;

  @Field(() => Int, { nullable: true, description: "For how many hours the old one works beside the new; 24 without it, 0 ends it now." })
  overlapHours?: number | null;

  @Field(() => Int, { nullable: true, description: "For how many days the new one works; without end without it." })
  validDays?: number | null;
}
