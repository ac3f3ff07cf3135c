import { Field, ID, ObjectType } from "type-graphql";
import { Payload, payloadOf } from "../payload";
import { VerifiedDomainNode } from "./node";

const domainPayload = (name: string) =>
  payloadOf(`${name}Payload`, "domain", { type: () => VerifiedDomainNode, description: "As it is now." });

export const ClaimDomainPayload = domainPayload("ClaimDomain");
export const UpdateDomainPayload = domainPayload("UpdateDomain");

@ObjectType("CheckDomainPayload", { simpleResolvers: true, description: "What CheckDomain answers with." })
export class CheckDomainPayload extends Payload {
  @Field(() => VerifiedDomainNode, { nullable: true, description: "As it is now." })
  domain!: VerifiedDomainNode | null;

  @Field(() => Boolean, { nullable: true, description: "Whether the DNS shows the proof." })
  proved!: boolean | null;

  @Field(() => Boolean, { nullable: true, description: "Whether a name server answered; if none did, nothing was concluded." })
  answered!: boolean | null;
}

@ObjectType("RemoveDomainPayload", { simpleResolvers: true, description: "What RemoveDomain answers with." })
export class RemoveDomainPayload extends Payload {
  @Field(() => ID, { nullable: true, description: "The domain that is listed no more." })
  domainId!: string | null;
}
