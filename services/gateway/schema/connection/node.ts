import { Field, Int, ObjectType } from "type-graphql";
import { NodeInterface } from "../node-interface";
import { known, typeNamed } from "../registry";
import { DateTime } from "../scalars";
import { CertificateStatus, SpKeyStatus, SpKeyUse } from "./enums";

@ObjectType("IdpCertificate", {
  implements: NodeInterface,
  simpleResolvers: true,
  description: "A certificate by whose key an identity provider's answers are checked.",
})
export class IdpCertificateNode extends NodeInterface {
  @Field(() => CertificateStatus, { description: "Whether it vouches." })
  status!: string;

  @Field(() => String, { description: "SHA-256 of its DER form, in lower-case hexadecimal." })
  sha256!: string;

  @Field(() => String, { description: "Whose it says it is." })
  subject!: string;

  @Field(() => String, { description: "Such as rsa." })
  keyType!: string;

  @Field(() => Int, { description: "How long its key is." })
  keyBits!: number;

  @Field(() => DateTime, { description: "From when it is valid." })
  validFrom!: string;

  @Field(() => DateTime, { description: "Until when it is valid." })
  validTo!: string;

  @Field(() => String, { description: "In PEM." })
  pem!: string;

  @Field(() => DateTime, { nullable: true, description: "Since when the metadata leave it out." })
  absentSince!: string | null;

  @Field(() => DateTime, { description: "When it was entered." })
  createdAt!: string;

  @Field(() => typeNamed("IdentityConnection"), { nullable: true, description: "Where it vouches." })
  connection!: object | null;
}

@ObjectType("SpKey", {
  implements: NodeInterface,
  simpleResolvers: true,
  description: "A key of our own; its private half is shown to nobody.",
})
export class SpKeyNode extends NodeInterface {
  @Field(() => SpKeyUse, { description: "What it is for." })
  use!: string;

  @Field(() => SpKeyStatus, { description: "Where it stands on its way." })
  status!: string;

  @Field(() => String, { description: "Its certificate in PEM." })
  certificate!: string;

  @Field(() => DateTime, { description: "From when it is valid." })
  validFrom!: string;

  @Field(() => DateTime, { description: "Until when it is valid." })
  validTo!: string;

  @Field(() => DateTime, { description: "When it was made." })
  createdAt!: string;

  @Field(() => typeNamed("IdentityConnection"), { nullable: true, description: "Where it is used." })
  connection!: object | null;
}

known("IdpCertificate", IdpCertificateNode);
known("SpKey", SpKeyNode);
