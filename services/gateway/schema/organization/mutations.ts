import type { GraphQLResolveInfo } from "graphql";
import { Arg, Ctx, Field, ID, Info, InputType, Int, Mutation, Resolver } from "type-graphql";
import { changeOrganization } from "../../../domain/organizations";
import type { GatewayContext } from "../../context";
import { act } from "../../execution/act";
import { Locale, SeatPolicy } from "../enums";
import { changeOf, optional } from "../inputs";
import { payloadOf } from "../payload";
import { OrganizationNode } from "./node";

@InputType("UpdateOrganizationInput", { description: "What to change; what is left out stays." })
export class UpdateOrganizationInput {
  @Field(() => String, { nullable: true, description: "Its name, 1 to 120 characters." })
  name?: string | null;

  @Field(() => String, { nullable: true, description: "What stands in its paths; the old one is free then." })
  slug?: string | null;

  @Field(() => Locale, { nullable: true, description: "The language of its mails and pages." })
  locale?: string | null;

  @Field(() => String, { nullable: true, description: "IANA time zone." })
  timeZone?: string | null;

  @Field(() => String, { nullable: true, description: "ISO 4217." })
  currency?: string | null;

  @Field(() => SeatPolicy, { nullable: true, description: "What happens when somebody joins and no seat is free." })
  seatPolicy?: string | null;

  @Field(() => Int, { nullable: true, description: "How many seats EXPAND may reach; null: none." })
  expandCeiling?: number | null;

  @Field(() => ID, { nullable: true, description: "Refused where the organization has changed since." })
  ifVersion?: string | null;
}

const UpdateOrganizationPayload = payloadOf("UpdateOrganizationPayload", "organization", {
  type: () => OrganizationNode,
  description: "As it is now.",
});

@Resolver()
export class OrganizationMutations {
  @Mutation(() => UpdateOrganizationPayload, { description: "Changes your organization." })
  async updateOrganization(
    @Arg("input", () => UpdateOrganizationInput, { description: "What to change." }) input: UpdateOrganizationInput,
    @Ctx() context: GatewayContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<unknown> {
    return act(context, info, {
      shows: { organization: "organizationById" },
      async work(tx) {
        const { locale, seatPolicy, ...rest } = changeOf(
          input,
          ["name", "slug", "locale", "timeZone", "currency", "seatPolicy"],
          ["expandCeiling"],
        );
        const { orgId } = await changeOrganization(tx, {
          ...rest,
          ...optional("locale", locale?.toLowerCase()),
          ...optional("seatPolicy", seatPolicy?.toLowerCase()),
          ...optional("ifVersion", input.ifVersion),
        });
        return { organization: orgId };
      },
    });
  }
}
