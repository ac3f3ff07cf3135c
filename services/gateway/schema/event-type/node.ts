import { Field, ID, Int, ObjectType } from "type-graphql";
import { Delivery, EventKind, EventTypeStatus, PermissionName, Section, TemplateStatus } from "../enums";
import { NodeInterface } from "../node-interface";
import { connectionOf } from "../page";
import { known, typeNamed } from "../registry";
import { DateTime, Json } from "../scalars";

@ObjectType("SectionLock", { simpleResolvers: true, description: "Who has the last word in a part of a template." })
export class SectionLock {
  @Field(() => Section, { description: "Which part." })
  section!: string;

  @Field(() => Boolean, { description: "True: the template. False: each member may differ." })
  isLocked!: boolean;
}

@ObjectType("EventTypeTemplate", {
  implements: NodeInterface,
  simpleResolvers: true,
  description: "A managed event type: made once, assigned to members.",
})
export class EventTypeTemplateNode extends NodeInterface {
  @Field(() => EventKind, { description: "One invitee, or many." })
  kind!: string;

  @Field(() => String, { description: "Its name." })
  name!: string;

  @Field(() => String, { description: "What stands in its path." })
  slug!: string;

  @Field(() => Int, { description: "Invitees per session." })
  capacity!: number;

  @Field(() => Int, { description: "Counts the states it was in; for `expectedRevision`." })
  revision!: number;

  @Field(() => TemplateStatus, { description: "Whether it is in use." })
  status!: string;

  @Field(() => Json, { description: "Its values by field." })
  values!: object;

  @Field(() => [SectionLock], { description: "Who has the last word where." })
  locks!: SectionLock[];

  @Field(() => Int, { description: "How many members have it." })
  assignedCount!: number;

  @Field(() => typeNamed("Member"), { nullable: true, description: "Who wrote the present revision." })
  lastEditedBy!: object | null;

  @Field(() => DateTime, { description: "When it was made." })
  createdAt!: string;

  @Field(() => DateTime, { description: "When the present revision was written." })
  updatedAt!: string;

  @Field(() => [PermissionName], { description: "What you may do with it." })
  viewerMay!: string[];
}

@ObjectType("EventType", {
  implements: NodeInterface,
  simpleResolvers: true,
  description: "What invitees book with one member: the member's own, or their copy of a template.",
})
export class EventTypeNode extends NodeInterface {
  @Field(() => typeNamed("Member"), { description: "With whom." })
  member!: object;

  @Field(() => EventTypeTemplateNode, { nullable: true, description: "The template behind it; absent: the member's own." })
  template!: EventTypeTemplateNode | null;

  @Field(() => EventKind, { description: "One invitee, or many." })
  kind!: string;

  @Field(() => Delivery, { description: "How it is held." })
  delivery!: string;

  @Field(() => String, { description: "Its name." })
  name!: string;

  @Field(() => String, { description: "What stands in its path." })
  slug!: string;

  @Field(() => EventTypeStatus, { description: "Whether it is offered." })
  status!: string;

  @Field(() => Json, { description: "The values in force, by field." })
  values!: object;

  @Field(() => [Section], { description: "Parts in which the template has the last word." })
  lockedSections!: string[];

  @Field(() => [Section], { description: "Parts in which the member differs from the template." })
  overriddenSections!: string[];

  @Field(() => DateTime, { description: "When it was made." })
  createdAt!: string;

  @Field(() => ID, { description: "For `ifVersion`: changes with every change." })
  version!: string;

  @Field(() => [PermissionName], { description: "What you may do with it." })
  viewerMay!: string[];
}

known("EventTypeTemplate", EventTypeTemplateNode);
known("EventType", EventTypeNode);
export const EventTypeConnection = connectionOf("EventType", () => EventTypeNode);
export const EventTypeTemplateConnection = connectionOf("EventTypeTemplate", () => EventTypeTemplateNode);
