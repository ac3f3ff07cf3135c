import { ArgsType, Field, ID, InputType } from "type-graphql";
import { CreationOrder, EventKind, EventTypeStatus, TemplateStatus } from "../enums";
import { PageArguments } from "../page";

@InputType("EventTypeFilter", { description: "Which event types." })
export class EventTypeFilter {
  @Field(() => [EventTypeStatus], { nullable: true, description: "With one of these states; without it all but ARCHIVED." })
  status?: string[];
}

@ArgsType()
export class EventTypeArguments extends PageArguments {
  @Field(() => EventTypeFilter, { nullable: true, description: "Which event types." })
  filter?: EventTypeFilter;

  @Field(() => CreationOrder, { nullable: true, description: "In which order; oldest first without it." })
  orderBy?: string;
}

@ArgsType()
export class OwnEventTypeArguments extends EventTypeArguments {
  @Field(() => ID, { nullable: true, description: "Whose; your own without it." })
  memberId?: string;
}

@InputType("EventTypeTemplateFilter", { description: "Which templates; conditions are joined by and." })
export class EventTypeTemplateFilter {
  @Field(() => [TemplateStatus], { nullable: true, description: "With one of these states; without it ACTIVE." })
  status?: string[];

  @Field(() => [EventKind], { nullable: true, description: "Of one of these kinds." })
  kind?: string[];
}

@ArgsType()
export class EventTypeTemplateArguments extends PageArguments {
  @Field(() => EventTypeTemplateFilter, { nullable: true, description: "Which templates." })
  filter?: EventTypeTemplateFilter;

  @Field(() => CreationOrder, { nullable: true, description: "In which order; oldest first without it." })
  orderBy?: string;
}
