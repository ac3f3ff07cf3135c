import { ArgsType, Field, ID, Int, ObjectType } from "type-graphql";
import { publicId } from "../../../kernel/ids";
import type { Drifted, DriftedGroup, DriftedMember, DriftReport } from "../../../domain/provisioning";
import { DateTime } from "../scalars";

@ObjectType("DriftedMember", { simpleResolvers: true, description: "A member about whom the two sides may differ." })
export class DriftedMemberNode {
  @Field(() => ID, { description: "Public id of the member." })
  memberId!: string;

  @Field(() => String, { description: "The name by which the provider knows them." })
  userName!: string;

  @Field(() => String, { nullable: true, description: "The name to show." })
  displayName!: string | null;

  @Field(() => DateTime, { nullable: true, description: "When the provider wrote them last." })
  lastSeenAt!: Date | null;

  @Field(() => DateTime, { description: "When they were changed last, by whomever." })
  updatedAt!: Date;
}

@ObjectType("DriftedMembers", { simpleResolvers: true, description: "Some of them, and how many there are." })
export class DriftedMembers {
  @Field(() => Int, { description: "In all." })
  total!: number;

  @Field(() => [DriftedMemberNode], { description: "The first of them." })
  members!: DriftedMemberNode[];
}

@ObjectType("DriftedGroup", { simpleResolvers: true, description: "A group about which the two sides may differ." })
export class DriftedGroupNode {
  @Field(() => ID, { description: "Public id of the group." })
  groupId!: string;

  @Field(() => String, { description: "Its name." })
  displayName!: string;

  @Field(() => Int, { description: "How many belong to it here." })
  members!: number;

  @Field(() => Int, { description: "How many of them the provider has ever written." })
  knownMembers!: number;

  @Field(() => DateTime, { description: "When the provider wrote it last." })
  lastSeenAt!: Date;

  @Field(() => DateTime, { description: "When it was changed last, by whomever." })
  updatedAt!: Date;
}

@ObjectType("DriftedGroups", { simpleResolvers: true, description: "Some of them, and how many there are." })
export class DriftedGroups {
  @Field(() => Int, { description: "In all." })
  total!: number;

  @Field(() => [DriftedGroupNode], { description: "The first of them." })
  groups!: DriftedGroupNode[];
}

@ObjectType("ProvisioningDrift", {
  simpleResolvers: true,
  description: "Where an organization and its identity provider have drifted apart.",
})
export class ProvisioningDrift {
  @Field(() => DateTime, { description: "When it was looked at." })
  checkedAt!: Date;

  @Field(() => DateTime, { description: "Who was not written since this instant counts as not seen." })
  unseenBefore!: Date;

  @Field(() => DriftedMembers, { description: "Active members whom the provider has never written." })
  unknown!: DriftedMembers;

  @Field(() => DriftedMembers, { description: "Active members whom it has not written for some cycles." })
  unseen!: DriftedMembers;

  @Field(() => DriftedMembers, { description: "Members whom somebody else changed after its last word." })
  changedHere!: DriftedMembers;

  @Field(() => DriftedGroups, { description: "Groups with people it does not know, or changed by somebody else." })
  groups!: DriftedGroups;
}

@ArgsType()
export class DriftArguments {
  @Field(() => ID, { description: "Of which connection." })
  connectionId!: string;

  @Field(() => Int, { nullable: true, description: "After how many cycles somebody counts as not seen; 3 without it." })
  cycles?: number | null;

  @Field(() => Int, { nullable: true, description: "How long a cycle of the provider takes, in minutes; 40 without it." })
  cycleMinutes?: number | null;

  @Field(() => Int, { nullable: true, description: "How many of each sort, 1 to 500; 100 without it." })
  first?: number | null;
}

export function driftNode({ checkedAt, unseenBefore, unknown, unseen, changedHere, groups }: DriftReport): ProvisioningDrift {
  return {
    ...{ checkedAt, unseenBefore },
    ...{ unknown: membersNode(unknown), unseen: membersNode(unseen), changedHere: membersNode(changedHere) },
    groups: { total: groups.total, groups: groups.rows.map(groupNode) },
  };
}

function membersNode({ total, rows }: Drifted<DriftedMember>): DriftedMembers {
  return { total, members: rows.map(({ id, ...member }) => ({ ...member, memberId: publicId("member", id) })) };
}

function groupNode({ id, ...group }: DriftedGroup): DriftedGroupNode {
  return { ...group, groupId: publicId("group", id) };
}
