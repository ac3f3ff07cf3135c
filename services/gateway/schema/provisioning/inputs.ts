import { Field, ID, InputType, Int, ObjectType } from "type-graphql";
import { Payload } from "../payload";
import { Json } from "../scalars";
import { TrialClient } from "./enums";
import { ProvisioningEntryNode } from "./node";

@InputType("ReplayProvisioningEntryInput", { description: "Which request is done again." })
export class ReplayProvisioningEntryInput {
  @Field(() => ID, { description: "pve_…" })
  entryId!: string;

  @Field(() => Boolean, { nullable: true, description: "Only answers what would come of it, and stores nothing." })
  dryRun?: boolean | null;
}

@ObjectType("ReplayProvisioningEntryPayload", {
  simpleResolvers: true,
  description: "What ReplayProvisioningEntry answers with. A second refusal is an answer, too: look at `status`.",
})
export class ReplayProvisioningEntryPayload extends Payload {
  @Field(() => ProvisioningEntryNode, { nullable: true, description: "The new line of the log; none after a dry run." })
  entry!: ProvisioningEntryNode | null;

  @Field(() => Int, { nullable: true, description: "The status that its client would have seen." })
  status!: number | null;

  @Field(() => Json, { nullable: true, description: "The body that its client would have seen." })
  answer!: object | null;
}

@InputType("TryScimConnectionInput", { description: "What is tried." })
export class TryScimConnectionInput {
  @Field(() => ID, { description: "con_…" })
  connectionId!: string;

  @Field(() => TrialClient, { description: "Whose requests." })
  client!: string;
}

@ObjectType("ScimTrialStep", { simpleResolvers: true, description: "One request of a trial." })
export class ScimTrialStep {
  @Field(() => String, { description: "What it is for." })
  name!: string;

  @Field(() => String, { description: "Method." })
  method!: string;

  @Field(() => String, { description: "Below the base URL." })
  path!: string;

  @Field(() => Int, { description: "What was answered." })
  status!: number;

  @Field(() => Boolean, { description: "Whether the client would be content." })
  passed!: boolean;

  @Field(() => String, { nullable: true, description: "What is wrong, where it is not." })
  detail!: string | null;
}

@ObjectType("TryScimConnectionPayload", {
  simpleResolvers: true,
  description: "What TryScimConnection answers with; everything that it did is undone.",
})
export class TryScimConnectionPayload extends Payload {
  @Field(() => Boolean, { nullable: true, description: "Whether every step passed." })
  passed!: boolean | null;

  @Field(() => [ScimTrialStep], { nullable: true, description: "The steps, in order." })
  steps!: ScimTrialStep[] | null;
}
