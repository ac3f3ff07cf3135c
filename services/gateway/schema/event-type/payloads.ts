import { Field, Int, ObjectType, type ClassType } from "type-graphql";
import { Payload, payloadOf } from "../payload";
import { EventTypeNode, EventTypeTemplateNode } from "./node";

export const templatePayload = (name: string): ClassType<Payload> =>
  payloadOf(`${name}Payload`, "template", { type: () => EventTypeTemplateNode, description: "As it is now." });

export const EventTypePayload = payloadOf("UpdateEventTypePayload", "eventType", {
  type: () => EventTypeNode,
  description: "As it is now.",
});

@ObjectType("AssignEventTypeTemplatePayload", {
  simpleResolvers: true,
  description: "What AssignEventTypeTemplate answers with.",
})
export class AssignEventTypeTemplatePayload extends Payload {
  @Field(() => EventTypeTemplateNode, { nullable: true, description: "As it is now." })
  template!: EventTypeTemplateNode | null;

  @Field(() => Int, { nullable: true, description: "How many members got it." })
  assignedCount!: number | null;

  @Field(() => Int, { nullable: true, description: "How many had it already." })
  unchangedCount!: number | null;

  @Field(() => Int, { nullable: true, description: "How many own event types got another path." })
  renamedCount!: number | null;

  @Field(() => Int, { nullable: true, description: "How many kept their own event type instead; a hundred at most." })
  skippedCount!: number | null;
}
