import { ArgsType, Field, InputType } from "type-graphql";
import { MemberOrder, MemberRole, MemberStatus } from "../enums";
import { PageArguments } from "../page";

@InputType("MemberFilter", { description: "Which members; conditions are joined by and." })
export class MemberFilter {
  @Field(() => [MemberStatus], { nullable: true, description: "With one of these states; without it all but REMOVED." })
  status?: string[];

  @Field(() => [MemberRole], { nullable: true, description: "With one of these roles." })
  role?: string[];

  @Field(() => String, { nullable: true, description: "Holding a licence of this plan." })
  plan?: string;

  @Field(() => String, { nullable: true, description: "Whose name, e-mail address or user name begins so." })
  search?: string;
}

@ArgsType()
export class MemberArguments extends PageArguments {
  @Field(() => MemberFilter, { nullable: true, description: "Which members." })
  filter?: MemberFilter;

  @Field(() => MemberOrder, { nullable: true, description: "In which order; oldest first without it." })
  orderBy?: string;
}
