import { ArgsType, Field, ObjectType } from "type-graphql";
import { LicenceOrder, LicenceOrigin, PlanKind } from "../enums";
import { NodeInterface } from "../node-interface";
import { connectionOf, PageArguments } from "../page";
import { known, typeNamed } from "../registry";
import { DateTime } from "../scalars";

@ObjectType("Licence", {
  implements: NodeInterface,
  simpleResolvers: true,
  description: "One unit of a pool, held by a member. A licence of a service is a seat.",
})
export class LicenceNode extends NodeInterface {
  @Field(() => PlanKind, { description: "SERVICE is a seat." })
  kind!: string;

  @Field(() => LicenceOrigin, { description: "By which way it was given." })
  origin!: string;

  @Field(() => Boolean, { description: "Whether it stays as it is because its contract was disconnected." })
  isFrozen!: boolean;

  @Field(() => DateTime, { description: "Since when." })
  startedAt!: string;

  @Field(() => typeNamed("Plan"), { description: "Of which plan." })
  plan!: object;

  @Field(() => typeNamed("Subscription"), { description: "Out of which pool." })
  subscription!: object;

  @Field(() => typeNamed("Member"), { description: "Who holds it." })
  member!: object;
}

known("Licence", LicenceNode);
export const LicenceConnection = connectionOf("Licence", () => LicenceNode);

@ArgsType()
export class LicenceArguments extends PageArguments {
  @Field(() => LicenceOrder, { nullable: true, description: "In which order." })
  orderBy?: string;
}
