import { Field, ID, InputType, Int, ObjectType } from "type-graphql";
import { memberChangeKinds, type PlannedGroup, type PlannedMember, type PreviewPlan } from "../../../domain/provisioning";
import { publicId, type ProvisioningEntryId } from "../../../kernel/ids";
import { closedSet, MemberRole } from "../enums";
import { Payload } from "../payload";
import { DateTime } from "../scalars";
import { ProvisioningFailure } from "./health";

export const PreviewState = closedSet("ScimPreviewState", "Where a preview stands.", ["COPYING", "OPEN", "APPLYING", "APPLIED", "DISCARDED"]);
export const PlannedChange = closedSet("PlannedChange", "What would become of somebody.", memberChangeKinds);

@ObjectType("PlannedMember", { simpleResolvers: true, description: "What applying a preview would do to one member." })
export class PlannedMemberNode {
  @Field(() => PlannedChange, { description: "In one word." })
  kind!: string;

  @Field(() => ID, { description: "The id that the member has or will have." })
  memberId!: string;

  @Field(() => String, { description: "The name by which the provider knows them." })
  userName!: string;

  @Field(() => [String], { description: "What would be another value." })
  changed!: string[];

  @Field(() => MemberRole, { nullable: true, description: "The role now." })
  roleBefore!: string | null;

  @Field(() => MemberRole, { nullable: true, description: "The role then." })
  roleAfter!: string | null;

  @Field(() => String, { nullable: true, description: "The plan of the seat now." })
  planBefore!: string | null;

  @Field(() => String, { nullable: true, description: "The plan of the seat then." })
  planAfter!: string | null;

  @Field(() => Boolean, { description: "Whether they would wait for a seat." })
  waits!: boolean;
}

@ObjectType("PlannedGroup", { simpleResolvers: true, description: "What applying a preview would do to one group." })
export class PlannedGroupNode {
  @Field(() => PlannedChange, { description: "In one word." })
  kind!: string;

  @Field(() => ID, { description: "The id that the group has or will have." })
  groupId!: string;

  @Field(() => String, { description: "Its name then." })
  displayName!: string;

  @Field(() => Int, { description: "How many would join it." })
  added!: number;

  @Field(() => Int, { description: "How many would leave it." })
  removed!: number;
}

@ObjectType("ScimPreview", {
  simpleResolvers: true,
  description: "A rehearsal of provisioning in a hidden copy of the organization, and what applying it would do.",
})
export class ScimPreview {
  @Field(() => ID, { description: "prv_…" })
  id!: string;

  @Field(() => ID, { description: "con_…" })
  connectionId!: string;

  @Field(() => PreviewState, { description: "Where it stands." })
  state!: string;

  @Field(() => DateTime, { description: "Since when." })
  createdAt!: Date;

  @Field(() => DateTime, { nullable: true, description: "When it was applied or discarded." })
  endedAt!: Date | null;

  @Field(() => Int, { description: "How many members were copied." })
  copiedMembers!: number;

  @Field(() => Int, { description: "How many writes were done in the copy." })
  requests!: number;

  @Field(() => Int, { description: "How many of them were done again." })
  applied!: number;

  @Field(() => Int, { description: "How many were refused then." })
  refusedLater!: number;

  @Field(() => Int, { description: "Members that would be created." })
  creates!: number;

  @Field(() => Int, { description: "Members that would be changed." })
  updates!: number;

  @Field(() => Int, { description: "Members that would be deactivated." })
  deactivations!: number;

  @Field(() => Int, { description: "Members that would be active again." })
  reactivations!: number;

  @Field(() => Int, { description: "Members that would be removed." })
  removals!: number;

  @Field(() => Int, { description: "Seats that would be taken, less those that would be freed." })
  seatsNeeded!: number;

  @Field(() => Int, { description: "Seats that are free now." })
  seatsAvailable!: number;

  @Field(() => Int, { description: "Seats that are missing." })
  seatsShort!: number;

  @Field(() => [PlannedMemberNode], { description: "The first of the members." })
  members!: PlannedMemberNode[];

  @Field(() => [PlannedGroupNode], { description: "The first of the groups." })
  groups!: PlannedGroupNode[];

  @Field(() => [ProvisioningFailure], { description: "What was refused in the copy, and will not be done." })
  refusals!: ProvisioningFailure[];
}

/** The plan as it is shown, with the first rows of each sort. */
export function previewNode({ preview, outcome, counts, seats, ...plan }: PreviewPlan, first: number): ScimPreview {
  const { state, createdAt, endedAt } = preview;
  return {
    ...{ state, createdAt, endedAt, copiedMembers: preview.members },
    id: publicId("preview", preview.id),
    connectionId: publicId("connection", preview.connectionId),
    ...{ requests: outcome.requests, applied: outcome.applied, refusedLater: outcome.refused },
    ...{ creates: counts.CREATE, updates: counts.UPDATE, deactivations: counts.DEACTIVATE },
    ...{ reactivations: counts.REACTIVATE, removals: counts.REMOVE },
    ...{ seatsNeeded: seats.needed, seatsAvailable: seats.available, seatsShort: seats.short },
    members: plan.members.slice(0, first).map(memberNode),
    groups: plan.groups.slice(0, first).map(groupNode),
    refusals: plan.refusals.map((refusal) => ({
      ...refusal,
      entryId: publicId("provisioningEntry", refusal.entryId as ProvisioningEntryId),
    })),
  };
}

function memberNode({ id, changed, ...member }: PlannedMember): PlannedMemberNode {
  return { ...member, changed: [...changed], memberId: publicId("member", id) };
}

function groupNode({ id, ...group }: PlannedGroup): PlannedGroupNode {
  return { ...group, groupId: publicId("group", id) };
}

@InputType("StartScimPreviewInput", { description: "Which connection rehearses." })
export class StartScimPreviewInput {
  @Field(() => ID, { description: "con_…" })
  connectionId!: string;
}

@InputType("ApplyScimPreviewInput", { description: "Which preview." })
export class ApplyScimPreviewInput {
  @Field(() => ID, { description: "prv_…" })
  previewId!: string;
}

@InputType("DiscardScimPreviewInput", { description: "Which preview." })
export class DiscardScimPreviewInput {
  @Field(() => ID, { description: "prv_…" })
  previewId!: string;
}

@ObjectType("StartScimPreviewPayload", { simpleResolvers: true, description: "What StartScimPreview answers with." })
export class StartScimPreviewPayload extends Payload {
  @Field(() => ID, { nullable: true, description: "The preview that was begun." })
  previewId!: string | null;

  @Field(() => Int, { nullable: true, description: "How many members were copied." })
  copiedMembers!: number | null;
}

@ObjectType("ApplyScimPreviewPayload", { simpleResolvers: true, description: "What ApplyScimPreview answers with." })
export class ApplyScimPreviewPayload extends Payload {
  @Field(() => PreviewState, { nullable: true, description: "APPLYING: the worker does it within moments." })
  state!: string | null;
}

@ObjectType("DiscardScimPreviewPayload", { simpleResolvers: true, description: "What DiscardScimPreview answers with." })
export class DiscardScimPreviewPayload extends Payload {
  @Field(() => PreviewState, { nullable: true, description: "DISCARDED." })
  state!: string | null;
}
