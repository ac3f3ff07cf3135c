import type { GraphQLResolveInfo } from "graphql";
import { Args, FieldResolver, Info, Resolver, Root } from "type-graphql";
import { AuditArguments, AuditEntryConnection } from "../audit/node";
import { EventTypeTemplateArguments } from "../event-type/arguments";
import { EventTypeTemplateConnection } from "../event-type/node";
import { InvitationArguments, InvitationConnection } from "../invitation/node";
import { MemberArguments } from "../member/arguments";
import { MemberConnection } from "../member/node";
import { planned } from "../planned";
import { SubscriptionArguments, SubscriptionConnection } from "../subscription/node";
import { OrganizationNode } from "./node";

/** What hangs on an organization in pages. */
@Resolver(() => OrganizationNode)
export class OrganizationLinks {
  @FieldResolver(() => MemberConnection, { description: "Its members." })
  members(@Root() root: OrganizationNode, @Args(() => MemberArguments) _page: MemberArguments, @Info() info: GraphQLResolveInfo): unknown {
    return planned(root, info);
  }

  @FieldResolver(() => InvitationConnection, { description: "Its invitations, pending ones without a filter." })
  invitations(@Root() root: OrganizationNode, @Args(() => InvitationArguments) _page: InvitationArguments, @Info() info: GraphQLResolveInfo): unknown {
    return planned(root, info);
  }

  @FieldResolver(() => SubscriptionConnection, { description: "Its pools of licences." })
  subscriptions(@Root() root: OrganizationNode, @Args(() => SubscriptionArguments) _page: SubscriptionArguments, @Info() info: GraphQLResolveInfo): unknown {
    return planned(root, info);
  }

  @FieldResolver(() => EventTypeTemplateConnection, { description: "Its managed event types." })
  eventTypeTemplates(@Root() root: OrganizationNode, @Args(() => EventTypeTemplateArguments) _page: EventTypeTemplateArguments, @Info() info: GraphQLResolveInfo): unknown {
    return planned(root, info);
  }

  @FieldResolver(() => AuditEntryConnection, { description: "Its audit log." })
  auditEntries(@Root() root: OrganizationNode, @Args(() => AuditArguments) _page: AuditArguments, @Info() info: GraphQLResolveInfo): unknown {
    return planned(root, info);
  }
}
