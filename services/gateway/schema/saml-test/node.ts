import { Field, ID, Int, ObjectType } from "type-graphql";
import { closedSet, MemberRole } from "../enums";
import { DateTime } from "../scalars";

export const CheckResult = closedSet("SamlCheckResult", "How a check came out.", ["PASS", "FAIL", "SKIPPED"]);
export const SignInEffect = closedSet("SignInEffect", "What a sign-in does to the membership.", [
  "KNOWN",
  "LINKED",
  "JOINED",
  "CREATED",
]);
export const DomainTrust = closedSet("DomainTrust", "What an address in a domain is worth.", [
  "VERIFIED",
  "LAPSED",
  "NONE",
]);

@ObjectType("SamlCheck", { simpleResolvers: true, description: "One rule, as it came out." })
export class SamlCheckNode {
  @Field(() => String, { description: "The rule of the specification." })
  requirement!: string;

  @Field(() => String, { description: "The code under which breaking it is refused." })
  code!: string;

  @Field(() => CheckResult, { description: "How it came out; skipped: not reached." })
  result!: string;

  @Field(() => String, { nullable: true, description: "What was expected." })
  expected!: string | null;

  @Field(() => String, { nullable: true, description: "What came." })
  received!: string | null;
}

@ObjectType("SamlHint", { simpleResolvers: true, description: "What to change at the identity provider, or here." })
export class SamlHintNode {
  @Field(() => String, { description: "A stable code." })
  code!: string;

  @Field(() => String, { description: "A sentence in your language." })
  text!: string;
}

@ObjectType("SamlTestRun", { simpleResolvers: true, description: "A trial of a connection; it changed nothing." })
export class SamlTestRunNode {
  @Field(() => ID, { description: "run_…" })
  id!: string;

  @Field(() => ID, { description: "con_…" })
  connectionId!: string;

  @Field(() => Boolean, { description: "Whether a sign-in would have succeeded." })
  passed!: boolean;

  @Field(() => String, { nullable: true, description: "The code of the refusal, where it would have ended in one." })
  refusal!: string | null;

  @Field(() => SignInEffect, { nullable: true, description: "What it would have done to the membership." })
  effect!: string | null;

  @Field(() => MemberRole, { nullable: true, description: "As whom the person would have come in." })
  role!: string | null;

  @Field(() => Boolean, { nullable: true, description: "Whether in a seat." })
  seated!: boolean | null;

  @Field(() => String, { nullable: true, description: "The address that was found." })
  email!: string | null;

  @Field(() => DomainTrust, { nullable: true, description: "What that address is worth." })
  domainTrust!: string | null;

  @Field(() => [String], { nullable: true, description: "The groups that came; absent where no attribute for them came." })
  groups!: readonly string[] | null;

  @Field(() => [String], { description: "The names of the attributes that came; their values are on the page only." })
  attributeNames!: readonly string[];

  @Field(() => Int, { nullable: true, description: "By how many seconds the identity provider's clock is ahead." })
  clockOffsetSeconds!: number | null;

  @Field(() => String, {
    nullable: true,
    description: "SHA-256 of the certificate that came with the answer; nobody vouches for it.",
  })
  shownCertificate!: string | null;

  @Field(() => [String], { description: "What passed and should be known, as codes." })
  warnings!: readonly string[];

  @Field(() => [SamlHintNode], { description: "What to change, the decisive one first." })
  hints!: SamlHintNode[];

  @Field(() => [SamlCheckNode], { description: "Every rule, in the order in which they are asked." })
  checks!: SamlCheckNode[];

  @Field(() => DateTime, { description: "When." })
  createdAt!: Date;
}

@ObjectType("SamlTests", { simpleResolvers: true, description: "Trials of a connection." })
export class SamlTestsNode {
  @Field(() => String, { description: "Opened in your browser, this begins a trial with a sign-in of your own." })
  startUrl!: string;

  @Field(() => String, { description: "Every value that the identity provider needs, to be copied." })
  setupUrl!: string;

  @Field(() => [SamlTestRunNode], { description: "Those that you began, of the last seven days, newest first; twenty at most." })
  runs!: SamlTestRunNode[];
}

@ObjectType("IdpErrorExplanation", { simpleResolvers: true, description: "What an identity provider's own error means." })
export class IdpErrorExplanationNode {
  @Field(() => String, { description: "A stable code." })
  code!: string;

  @Field(() => String, { description: "A sentence in your language." })
  text!: string;
}
