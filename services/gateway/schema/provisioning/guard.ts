import { Field, ID, InputType, Int, ObjectType } from "type-graphql";
import { publicId } from "../../../kernel/ids";
import type { GuardMode, ProvisioningRun, ProvisioningSettings } from "../../../domain/provisioning";
import { closedSet } from "../enums";
import { MemberNode } from "../member/node";
import { Payload } from "../payload";
import { DateTime } from "../scalars";

export const GuardModeName = closedSet("GuardMode", "What happens when very many members leave within an hour.", [
  "OFF",
  "ALERT",
  "BLOCK",
]);
export const RunStateName = closedSet("ProvisioningRunState", "Where a mass departure stands.", [
  "ALERTED",
  "BLOCKED",
  "APPROVED",
  "UNDONE",
]);
export const SettlementName = closedSet("Settlement", "What becomes of members whose connection is gone.", [
  "KEEP",
  "DEACTIVATE",
]);

@ObjectType("ProvisioningRun", {
  simpleResolvers: true,
  description: "A mass departure through one connection, about which somebody has to decide or has decided.",
})
export class ProvisioningRunNode {
  @Field(() => ID, { description: "prun_…" })
  id!: string;

  @Field(() => ID, { description: "Through which connection." })
  connectionId!: string;

  @Field(() => String, { description: "What that is called." })
  connection!: string;

  @Field(() => RunStateName, { description: "Where it stands." })
  state!: string;

  @Field(() => DateTime, { description: "When the first of them left." })
  startedAt!: Date;

  @Field(() => DateTime, { nullable: true, description: "When the administrators were told." })
  alertedAt!: Date | null;

  @Field(() => DateTime, { nullable: true, description: "When it was decided." })
  decidedAt!: Date | null;

  @Field(() => Int, { description: "How many active members the connection managed." })
  baseline!: number;

  @Field(() => Int, { description: "How many of them may leave within an hour without a question." })
  threshold!: number;

  @Field(() => Int, { description: "How many left." })
  members!: number;

  @Field(() => Int, { description: "How many an undo has brought back to what they were." })
  restored!: number;

  @Field(() => Int, { description: "How many it has brought back into the line for a seat." })
  waiting!: number;

  @Field(() => Int, { description: "How many it could not bring back: name taken, changed since, erased." })
  notRestored!: number;
}

@ObjectType("ProvisioningSettings", { simpleResolvers: true, description: "What a connection may do unasked." })
export class ProvisioningSettingsNode {
  @Field(() => GuardModeName, { description: "What happens when very many leave." })
  mode!: string;

  @Field(() => Int, { description: "How many may leave within an hour in any case." })
  minimum!: number;

  @Field(() => Int, { description: "Which share of its active members may, in percent, where that is more." })
  percent!: number;

  @Field(() => [String], { description: "Which fields of its members are read only here." })
  managedFields!: string[];
}

@InputType("UpdateProvisioningSettingsInput", { description: "What to change; what is left out stays." })
export class UpdateProvisioningSettingsInput {
  @Field(() => ID, { description: "con_…" })
  connectionId!: string;

  @Field(() => GuardModeName, { nullable: true, description: "What happens when very many leave." })
  mode?: string | null;

  @Field(() => Int, { nullable: true, description: "How many may leave within an hour in any case." })
  minimum?: number | null;

  @Field(() => Int, { nullable: true, description: "Which share may, in percent." })
  percent?: number | null;

  @Field(() => [String], { nullable: true, description: "Which fields of its members are read only here." })
  managedFields?: string[] | null;
}

@ObjectType("UpdateProvisioningSettingsPayload", {
  simpleResolvers: true,
  description: "What UpdateProvisioningSettings answers with.",
})
export class UpdateProvisioningSettingsPayload extends Payload {
  @Field(() => ProvisioningSettingsNode, { nullable: true, description: "As they are now." })
  settings!: ProvisioningSettingsNode | null;
}

@InputType({ description: "Which mass departure." })
abstract class RunInput {
  @Field(() => ID, { description: "prun_…" })
  runId!: string;
}

@InputType("ApproveDeprovisioningInput", { description: "Which mass departure." })
export class ApproveDeprovisioningInput extends RunInput {}

@InputType("UndoDeprovisioningInput", { description: "Which mass departure." })
export class UndoDeprovisioningInput extends RunInput {}

@ObjectType({ simpleResolvers: true, description: "What was decided." })
abstract class RunPayload extends Payload {
  @Field(() => ProvisioningRunNode, { nullable: true, description: "As it is now." })
  run!: ProvisioningRunNode | null;
}

@ObjectType("ApproveDeprovisioningPayload", { simpleResolvers: true, description: "What ApproveDeprovisioning answers with." })
export class ApproveDeprovisioningPayload extends RunPayload {}

@ObjectType("UndoDeprovisioningPayload", { simpleResolvers: true, description: "What UndoDeprovisioning answers with." })
export class UndoDeprovisioningPayload extends RunPayload {}

@InputType("SettleConnectionInput", { description: "What becomes of the members of a connection that is gone." })
export class SettleConnectionInput {
  @Field(() => ID, { description: "con_…, deleted or with provisioning switched off." })
  connectionId!: string;

  @Field(() => SettlementName, { description: "Keep them as local members, or deactivate them." })
  settlement!: string;
}

@ObjectType("SettleConnectionPayload", { simpleResolvers: true, description: "What SettleConnection answers with." })
export class SettleConnectionPayload extends Payload {
  @Field(() => Int, { nullable: true, description: "About how many members was decided." })
  members!: number | null;
}

@InputType("RestoreMemberInput", { description: "A member who was removed within the last 30 days." })
export class RestoreMemberInput {
  @Field(() => ID, { description: "mem_…" })
  memberId!: string;
}

@ObjectType("RestoreMemberPayload", { simpleResolvers: true, description: "What RestoreMember answers with." })
export class RestoreMemberPayload extends Payload {
  @Field(() => MemberNode, { nullable: true, description: "As they are now." })
  member!: object | null;
}

export function runNode({ id, connectionId, ...run }: ProvisioningRun): ProvisioningRunNode {
  return { ...run, id: publicId("provisioningRun", id), connectionId: publicId("connection", connectionId) };
}

export function settingsNode({ mode, minimum, percent, managedFields }: ProvisioningSettings): ProvisioningSettingsNode {
  const guard = { mode: mode.toUpperCase(), minimum, percent };
  return { ...guard, managedFields: [...managedFields] };
}

export function guardModeOf(name: string): GuardMode {
  return name.toLowerCase() as GuardMode;
}
