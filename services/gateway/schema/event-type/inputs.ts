import { Field, ID, InputType, Int } from "type-graphql";
import { EventKind, Section, SlugClashPolicy } from "../enums";
import { Json } from "../scalars";

@InputType("SectionLockInput", { description: "Who has the last word in a part of a template." })
export class SectionLockInput {
  @Field(() => Section, { description: "Which part." })
  section!: string;

  @Field(() => Boolean, { description: "True: the template. False: each member may differ." })
  isLocked!: boolean;
}

@InputType("CreateEventTypeTemplateInput", { description: "A managed event type to make." })
export class CreateEventTypeTemplateInput {
  @Field(() => EventKind, { description: "One invitee, or many." })
  kind!: string;

  @Field(() => String, { description: "What stands in its path." })
  slug!: string;

  @Field(() => Json, { description: "Values by field, `name` at least; every other one has an initial value." })
  values!: unknown;

  @Field(() => [SectionLockInput], { nullable: true, description: "Parts that differ from the usual." })
  locks?: SectionLockInput[] | null;

  @Field(() => String, { nullable: true, description: "The same key and input are done once." })
  idempotencyKey?: string | null;
}

@InputType("UpdateEventTypeTemplateInput", { description: "What to change of a template." })
export class UpdateEventTypeTemplateInput {
  @Field(() => ID, { description: "evtt_…" })
  templateId!: string;

  @Field(() => Int, { description: "The revision that you have seen." })
  expectedRevision!: number;

  @Field(() => Json, { nullable: true, description: "Values by field." })
  set?: unknown;

  @Field(() => [String], { nullable: true, description: "Which fields are meant; one that `set` leaves out goes back to its initial value." })
  fields?: string[] | null;

  @Field(() => String, { nullable: true, description: "What stands in its path." })
  slug?: string | null;

  @Field(() => [SectionLockInput], { nullable: true, description: "Parts to lock or to leave to members." })
  locks?: SectionLockInput[] | null;
}

@InputType("ArchiveEventTypeTemplateInput", { description: "Which template to take out of use." })
export class ArchiveEventTypeTemplateInput {
  @Field(() => ID, { description: "evtt_…" })
  templateId!: string;
}

@InputType("RevertEventTypeTemplateInput", { description: "Which template to bring back to which state." })
export class RevertEventTypeTemplateInput {
  @Field(() => ID, { description: "evtt_…" })
  templateId!: string;

  @Field(() => Int, { description: "The revision to go back to; it becomes a new one." })
  toRevision!: number;

  @Field(() => Int, { nullable: true, description: "The revision that you have seen." })
  expectedRevision?: number | null;
}

@InputType("AssignmentTargets", { description: "To whom a template goes, or from whom it is taken." })
export class AssignmentTargetsInput {
  @Field(() => [ID], { nullable: true, description: "Members." })
  memberIds?: string[] | null;

  @Field(() => [ID], { nullable: true, description: "Groups." })
  groupIds?: string[] | null;

  @Field(() => Boolean, { nullable: true, description: "Everybody there is now." })
  allCurrent?: boolean | null;

  @Field(() => Boolean, { nullable: true, description: "Everybody who comes later, by any way." })
  allFuture?: boolean | null;
}

@InputType("AssignEventTypeTemplateInput", { description: "Which template to whom." })
export class AssignEventTypeTemplateInput {
  @Field(() => ID, { description: "evtt_…" })
  templateId!: string;

  @Field(() => AssignmentTargetsInput, { description: "To whom." })
  targets!: AssignmentTargetsInput;

  @Field(() => SlugClashPolicy, { nullable: true, description: "What happens where the path is taken; SUFFIX_MANAGED without it." })
  onSlugClash?: string | null;

  @Field(() => String, { nullable: true, description: "The same key and input are done once." })
  idempotencyKey?: string | null;
}

@InputType("UnassignEventTypeTemplateInput", { description: "Which template from whom." })
export class UnassignEventTypeTemplateInput {
  @Field(() => ID, { description: "evtt_…" })
  templateId!: string;

  @Field(() => AssignmentTargetsInput, { description: "From whom." })
  targets!: AssignmentTargetsInput;
}

@InputType("UpdateEventTypeInput", { description: "What to change of an event type." })
export class UpdateEventTypeInput {
  @Field(() => ID, { description: "evt_…" })
  eventTypeId!: string;

  @Field(() => Json, { nullable: true, description: "Values by field." })
  set?: unknown;

  @Field(() => [String], { nullable: true, description: "Which fields are meant; one that `set` leaves out goes back to its initial value." })
  fields?: string[] | null;

  @Field(() => String, { nullable: true, description: "What stands in its path." })
  slug?: string | null;

  @Field(() => ID, { nullable: true, description: "Refused where the event type has changed since." })
  ifVersion?: string | null;
}
