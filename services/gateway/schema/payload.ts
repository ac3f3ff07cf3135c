import { Field, ObjectType, type ClassType } from "type-graphql";
import { UserErrorNode } from "./user-error";

/** What every mutation answers with: the thing, or why not. Nothing but `userErrors` is sure to be there. */
@ObjectType({ simpleResolvers: true, description: "What a mutation answers with." })
export abstract class Payload {
  @Field(() => [UserErrorNode], { description: "Why it was not done; empty where it was." })
  userErrors!: UserErrorNode[];
}

interface Shown {
  readonly type: () => ClassType | [ClassType];
  readonly description: string;
}

/** A payload that shows one thing, or a list, under a name. */
export function payloadOf(name: string, field: string, { type, description }: Shown): ClassType<Payload> {
  @ObjectType(name, { simpleResolvers: true, description: `What ${name.replace(/Payload$/, "")} answers with.` })
  class OnePayload extends Payload {}
  Field(type, { nullable: true, description })(OnePayload.prototype, field);
  return OnePayload;
}
