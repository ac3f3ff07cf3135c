import { Field, ObjectType } from "type-graphql";
import { UserErrorCode } from "./enums";
import { Json } from "./scalars";

@ObjectType("UserError", {
  simpleResolvers: true,
  description: "Why something was not done, where somebody can correct it. Nothing was changed.",
})
export class UserErrorNode {
  @Field(() => UserErrorCode, { description: "Stable, for programs." })
  code!: string;

  @Field(() => [String], { description: "The way to the value that is wrong, empty where it is none in particular." })
  path!: string[];

  @Field(() => Json, { description: "What the refusal knows: counts, names of fields, public ids." })
  facts!: object;

  @Field(() => String, { description: "For people, in their language." })
  message!: string;
}
