import "reflect-metadata";
import { isObjectType, type GraphQLSchema } from "graphql";
import { buildSchemaSync } from "type-graphql";
import { AuditQueries } from "./audit/queries";
import { ChangeQueries } from "./change/resolvers";
import { ConnectionImports } from "./connection/import";
import { ConnectionKeyMutations } from "./connection/keys";
import { ConnectionMutations } from "./connection/mutations";
import { RelinkResolvers } from "./connection/relink";
import { DomainMutations } from "./domain/mutations";
import { DomainQueries } from "./domain/queries";
import { EnforcementMutations, EnforcementPreviewLinks, EnforcementQueries } from "./enforcement/resolvers";
import { EventTypeTemplateLinks } from "./event-type/links";
import { EventTypeMutations } from "./event-type/mutations";
import { EventTypeQueries } from "./event-type/queries";
import { GroupMutations } from "./group/mutations";
import { GroupLinks, GroupQueries } from "./group/queries";
import { IdentityExpiryQueries } from "./identity/expiries";
import { IdentityMutations } from "./identity/mutations";
import { IdentityLinkMutations, IdentityLinkQueries } from "./identity-link/resolvers";
import { IdentityQueries } from "./identity/queries";
import { ScimTokenQueries } from "./identity/scim-token";
import { InvitationMutations } from "./invitation/mutations";
import { InvitationQueries } from "./invitation/queries";
import { LicenceMutations } from "./licence/mutations";
import { MemberLinks } from "./member/links";
import { AllowReturnMutations } from "./member/allow-return";
import { MemberMutations } from "./member/mutations";
import { MemberQueries } from "./member/queries";
import { NodeQueries } from "./node-queries";
import { OrganizationLinks } from "./organization/links";
import { OrganizationMutations } from "./organization/mutations";
import { OrganizationQueries } from "./organization/queries";
import { PlanQueries } from "./plan/queries";
import { SamlTestQueries } from "./saml-test/queries";
import { SessionMutations, SessionQueries } from "./session/resolvers";
import { ProvisioningMutations } from "./provisioning/mutations";
import { ScimPreviewResolvers } from "./provisioning/preview-resolvers";
import { ScimDialectResolvers } from "./provisioning/dialect";
import { ProvisioningQueries } from "./provisioning/queries";
import { GuardMutations, GuardQueries } from "./provisioning/guard-resolvers";
import { OAuthClientMutations, OAuthClientQueries } from "./provisioning/oauth-resolvers";
import { GroupRuleMutations, GroupRuleQueries } from "./provisioning/rules-resolvers";
import { SubscriptionLinks } from "./subscription/links";
import { SubscriptionMutations } from "./subscription/mutations";
import { SubscriptionPreviews } from "./subscription/preview";
import { SubscriptionQueries } from "./subscription/queries";
import { ViewerQueries } from "./viewer/queries";

let built: GraphQLSchema | undefined;

/** The schema of the door, built once per process. Nothing but this folder knows by which library (PIT-02). */
export function plenumSchema(): GraphQLSchema {
  built ??= plain(
    buildSchemaSync({
      resolvers: [
        ViewerQueries,
        NodeQueries,
        OrganizationQueries,
        OrganizationLinks,
        MemberQueries,
        MemberLinks,
        SubscriptionQueries,
        SubscriptionLinks,
        InvitationQueries,
        PlanQueries,
        EventTypeQueries,
        EventTypeTemplateLinks,
        AuditQueries,
        ProvisioningQueries,
        ScimPreviewResolvers,
        ScimDialectResolvers,
        IdentityQueries,
        GroupQueries,
        GroupLinks,
        GuardQueries,
        GroupRuleQueries,
        OAuthClientQueries,
        ScimTokenQueries,
        IdentityExpiryQueries,
        DomainQueries,
        ChangeQueries,
        SessionQueries,
        EnforcementQueries,
        IdentityLinkQueries,
        SamlTestQueries,
        EnforcementPreviewLinks,
        EventTypeMutations,
        IdentityMutations,
        GroupMutations,
        GuardMutations,
        GroupRuleMutations,
        OAuthClientMutations,
        ConnectionImports,
        ConnectionMutations,
        ConnectionKeyMutations,
        RelinkResolvers,
        DomainMutations,
        SessionMutations,
        EnforcementMutations,
        IdentityLinkMutations,
        InvitationMutations,
        LicenceMutations,
        ProvisioningMutations,
        AllowReturnMutations,
        MemberMutations,
        OrganizationMutations,
        SubscriptionMutations,
        SubscriptionPreviews,
      ],
      validate: false,
    }),
  );
  return built;
}

/** Fields that only hand on a property have no resolver at all: half the time of a page of 50 goes into those (PIT-07). */
function plain(schema: GraphQLSchema): GraphQLSchema {
  const roots = new Set([schema.getQueryType(), schema.getMutationType()]);
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || roots.has(type) || type.name.startsWith("__")) continue;
    for (const field of Object.values(type.getFields())) {
      if (field.args.length === 0) delete field.resolve;
    }
  }
  return schema;
}
