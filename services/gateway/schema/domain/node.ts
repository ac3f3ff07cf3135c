import { ArgsType, Field, ID, InputType, Int, ObjectType } from "type-graphql";
import { closedSet, PermissionName } from "../enums";
import { NodeInterface } from "../node-interface";
import { connectionOf, PageArguments } from "../page";
import { known, typeNamed } from "../registry";
import { DateTime } from "../scalars";

export const DomainStatus = closedSet("DomainStatus", "Whether a domain is proved to be the organization's.", [
  "PENDING",
  "VERIFIED",
  "LAPSED",
]);
export const DomainProof = closedSet("DomainProof", "Who says that a domain is the organization's.", [
  "DNS",
  "OPERATOR",
]);
export const DomainOrder = closedSet("DomainOrder", "How domains are ordered.", [
  "CREATED_AT_ASC",
  "CREATED_AT_DESC",
  "DOMAIN_ASC",
  "DOMAIN_DESC",
]);

@ObjectType("DnsRecord", { simpleResolvers: true, description: "What to enter in the DNS of a domain." })
export class DnsRecordNode {
  @Field(() => String, { description: "TXT." })
  type!: string;

  @Field(() => String, { description: "The name of the record, in full." })
  name!: string;

  @Field(() => String, { description: "What it has to say." })
  value!: string;
}

@ObjectType("VerifiedDomain", {
  implements: NodeInterface,
  simpleResolvers: true,
  description: "An e-mail domain that your organization says is its own.",
})
export class VerifiedDomainNode extends NodeInterface {
  @Field(() => String, { description: "In its ASCII form." })
  domain!: string;

  @Field(() => DomainStatus, { description: "Whether that is proved." })
  status!: string;

  @Field(() => DomainProof, { nullable: true, description: "By what it is proved." })
  verifiedBy!: string | null;

  @Field(() => DateTime, { nullable: true, description: "Since when." })
  verifiedAt!: string | null;

  @Field(() => DateTime, { nullable: true, description: "When the DNS was looked at last." })
  checkedAt!: string | null;

  @Field(() => DateTime, { nullable: true, description: "Since when the proof is gone." })
  lapsedAt!: string | null;

  @Field(() => Int, { description: "How many looks in a row did not find the proof." })
  failures!: number;

  @Field(() => Boolean, { description: "Whether addresses below it count as well." })
  includesSubdomains!: boolean;

  @Field(() => DnsRecordNode, { nullable: true, description: "What proves it; for who may change sign-in." })
  dnsRecord!: DnsRecordNode | null;

  @Field(() => typeNamed("IdentityConnection"), {
    nullable: true,
    description: "Where its people sign in; absent: wherever sign-in is active.",
  })
  connection!: object | null;

  @Field(() => DateTime, { description: "When it was listed." })
  createdAt!: string;

  @Field(() => [PermissionName], { description: "What you may do here." })
  viewerMay!: string[];
}

@InputType("VerifiedDomainFilter", { description: "Which domains." })
export class VerifiedDomainFilter {
  @Field(() => [DomainStatus], { nullable: true, description: "With one of these states." })
  status?: string[];
}

@ArgsType()
export class VerifiedDomainArguments extends PageArguments {
  @Field(() => VerifiedDomainFilter, { nullable: true, description: "Which domains." })
  filter?: VerifiedDomainFilter;

  @Field(() => DomainOrder, { nullable: true, description: "In which order; oldest first without it." })
  orderBy?: string;
}

@InputType("ClaimDomainInput", { description: "A domain of your organization." })
export class ClaimDomainInput {
  @Field(() => String, { description: "Such as example.org." })
  domain!: string;

  @Field(() => Boolean, { nullable: true, description: "Whether addresses below it count as well; no without it." })
  includesSubdomains?: boolean | null;

  @Field(() => ID, { nullable: true, description: "con_…: where its people sign in." })
  connectionId?: string | null;
}

@InputType({ description: "Which domain." })
abstract class DomainInput {
  @Field(() => ID, { description: "dom_…" })
  domainId!: string;
}

@InputType("CheckDomainInput", { description: "Which domain." })
export class CheckDomainInput extends DomainInput {}

@InputType("RemoveDomainInput", { description: "Which domain." })
export class RemoveDomainInput extends DomainInput {}

@InputType("UpdateDomainInput", { description: "What to change; what is left out stays." })
export class UpdateDomainInput extends DomainInput {
  @Field(() => Boolean, { nullable: true, description: "Whether addresses below it count as well." })
  includesSubdomains?: boolean | null;

  @Field(() => ID, { nullable: true, description: "con_…: where its people sign in; null: wherever it is active." })
  connectionId?: string | null;
}

known("VerifiedDomain", VerifiedDomainNode);
export const VerifiedDomainConnection = connectionOf("VerifiedDomain", () => VerifiedDomainNode);
