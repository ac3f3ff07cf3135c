import {
  getNamedType,
  isInputObjectType,
  isLeafType,
  isObjectType,
  isRequiredArgument,
  type GraphQLField,
  type GraphQLInputObjectType,
  type GraphQLObjectType,
} from "graphql";
import { plenumSchema } from "../../../services/gateway/schema/build";
import { idpMetadata } from "../../support/idp-metadata";
import type { KeyPair } from "../../support/saml-kit";
import type { Ids } from "./mutation-scene";

type Input = Readonly<Record<string, unknown>>;

/** For every mutation of the schema an input that is done, in the organization of the scene. */
export const inputs: Readonly<Record<string, (ids: Ids, keys: KeyPair) => Input>> = {
  acceptIdpCertificate: ({ certificate }) => ({ certificateId: certificate }),
  addIdpCertificate: ({ connection }, keys) => ({ connectionId: connection, certificate: keys.certificatePem }),
  addSpKey: ({ connection }) => ({ connectionId: connection, use: "ENCRYPTION" }),
  addToGroup: ({ group, suspended }) => ({ groupId: group, memberIds: [suspended] }),
  addSsoExemption: ({ suspended }) => ({ kind: "PERSON", memberId: suspended }),
  allowMemberReturn: ({ removed }) => ({ memberId: removed }),
  applyScimPreview: ({ preview }) => ({ previewId: preview }),
  approveIdentityLink: ({ identityLink }) => ({ linkId: identityLink }),
  approveDeprovisioning: ({ run }) => ({ runId: run }),
  archiveEventTypeTemplate: ({ template }) => ({ templateId: template }),
  assignEventTypeTemplate: ({ template, member, group }) => ({
    templateId: template,
    targets: { memberIds: [member], groupIds: [group], allCurrent: true, allFuture: true },
  }),
  assignLicence: ({ member, secondPool }) => ({ memberId: member, subscriptionId: secondPool }),
  assignPlan: ({ member }) => ({ memberId: member, planCode: "enterprise" }),
  changeMemberRole: ({ member }) => ({ memberId: member, role: "ADMIN" }),
  changeSubscriptionPlan: ({ pool }) => ({ subscriptionId: pool, planCode: "enterprise" }),
  changeSubscriptionQuantity: ({ pool }) => ({ subscriptionId: pool, quantity: 9 }),
  checkDomain: ({ domain }) => ({ domainId: domain }),
  claimDomain: ({ connection }) => ({
    domain: "atelier.example.org",
    includesSubdomains: true,
    connectionId: connection,
  }),
  createConnection: () => ({ name: "Second" }),
  createGroup: ({ member, group }) => ({ name: "Support", memberIds: [member], groupIds: [group] }),
  createEventTypeTemplate: () => ({ kind: "GROUP", slug: "workshop", values: { name: "Workshop", capacity: 12 } }),
  createGroupRule: ({ group }) => ({ groupId: group, target: "LICENCE", value: "enterprise", order: 1 }),
  createOAuthClient: ({ connection }) => ({ connectionId: connection, name: "Entra", scopes: ["scim.read"] }),
  createScimToken: ({ connection }) => ({ connectionId: connection, name: "Okta", validDays: 30 }),
  createSubscription: () => ({ planCode: "recording", quantity: 2, billingMode: "MONTHLY" }),
  createToken: ({ member }) => ({ name: "reports", role: "MEMBER", validDays: 7, memberId: member }),
  deleteConnection: ({ connection }) => ({ connectionId: connection }),
  discardScimPreview: ({ preview }) => ({ previewId: preview }),
  importConnection: ({ connection }, keys) => ({
    connectionId: connection,
    metadataXml: idpMetadata(keys),
    name: "Okta",
    provisioning: "CREATE",
  }),
  inviteMembers: () => ({ invitees: [{ email: "dora@example.test", name: "Dora", role: "ADMIN" }] }),
  reactivateMember: ({ suspended }) => ({ memberId: suspended }),
  refreshConnectionMetadata: ({ connection }) => ({ connectionId: connection }),
  releaseLicence: ({ member, pool }) => ({ memberId: member, subscriptionId: pool }),
  removeGroupRule: ({ groupRule }) => ({ ruleId: groupRule }),
  removeMember: ({ member }) => ({ memberId: member }),
  removeDomain: ({ domain }) => ({ domainId: domain }),
  removeFromGroup: ({ group, member }) => ({ groupId: group, memberIds: [member] }),
  removeGroup: ({ group }) => ({ groupId: group }),
  rejectIdentityLink: ({ identityLink }) => ({ linkId: identityLink }),
  relinkIdentities: ({ connection }) => ({ connectionId: connection, fromEntityId: "https://earlier.example" }),
  removeSsoExemption: ({ member }) => ({ kind: "PERSON", memberId: member }),
  reportIdpCertificateCompromised: ({ certificate }) => ({ certificateId: certificate }),
  replayProvisioningEntry: ({ provisioningEntry }) => ({ entryId: provisioningEntry }),
  resendInvitation: ({ invitation }) => ({ invitationId: invitation }),
  restoreConnection: ({ deletedConnection }) => ({ connectionId: deletedConnection }),
  restoreMember: ({ removed }) => ({ memberId: removed }),
  retireIdpCertificate: ({ certificate }) => ({ certificateId: certificate }),
  revertEventTypeTemplate: ({ template }) => ({ templateId: template, toRevision: 1, expectedRevision: 2 }),
  revokeInvitation: ({ invitation }) => ({ invitationId: invitation }),
  revokeMemberSessions: ({ member }) => ({ memberId: member }),
  revokeOAuthClient: ({ oauthClient }) => ({ id: oauthClient }),
  revokeScimToken: ({ scimToken }) => ({ tokenId: scimToken }),
  revokeSession: ({ session }) => ({ sessionId: session }),
  revokeToken: ({ token }) => ({ tokenId: token }),
  rotateOAuthClient: ({ oauthClient }) => ({ id: oauthClient, overlapHours: 2 }),
  rotateScimToken: ({ scimToken }) => ({ tokenId: scimToken, overlapHours: 1, validDays: 90 }),
  setDefaultSubscription: ({ secondPool }) => ({ subscriptionId: secondPool }),
  setSamlState: ({ connection }) => ({ connectionId: connection, state: "DISABLED" }),
  setScimState: ({ connection }) => ({ connectionId: connection, state: "PAUSED" }),
  setSpKeyStatus: ({ spKey }) => ({ keyId: spKey, status: "PUBLISHED" }),
  setSsoEnforcement: () => ({ policy: "OPTIONAL" }),
  settleConnection: ({ deletedConnection }) => ({ connectionId: deletedConnection, settlement: "KEEP" }),
  setScimDialect: ({ connection }) => ({
    connectionId: connection,
    preset: "ENTRA",
    switches: { patchResponse: "204" },
  }),
  startScimPreview: ({ connection }) => ({ connectionId: connection }),
  suspendMember: ({ member }) => ({ memberId: member }),
  transferOwnership: ({ member }) => ({ memberId: member }),
  unassignEventTypeTemplate: ({ template, member, group }) => ({
    templateId: template,
    targets: { memberIds: [member], groupIds: [group] },
  }),
  tryScimConnection: ({ connection }) => ({ connectionId: connection, client: "OKTA" }),
  undoDeprovisioning: ({ run }) => ({ runId: run }),
  undoScheduledChange: ({ secondPool }) => ({ subscriptionId: secondPool }),
  updateConnection: ({ connection }) => ({ connectionId: connection, name: "Okta", mapping: { email: "mail" } }),
  updateDomain: ({ domain, connection }) => ({ domainId: domain, connectionId: connection }),
  updateGroup: ({ group }) => ({ groupId: group, name: "Sales and support" }),
  updateEventType: ({ eventType }) => ({ eventTypeId: eventType, slug: "hello" }),
  updateEventTypeTemplate: ({ template }) => ({ templateId: template, expectedRevision: 2, set: { name: "Hello" } }),
  updateMember: ({ member }) => ({ memberId: member, title: "Engineer" }),
  updateOrganization: () => ({ name: "Another name" }),
  updateProvisioningSettings: ({ connection }) => ({
    connectionId: connection,
    mode: "BLOCK",
    minimum: 20,
    percent: 30,
    managedFields: ["userName"],
  }),
};

const fields = plenumSchema().getMutationType()!.getFields();

/** Every mutation that there is, by the schema. */
export const mutationNames = Object.keys(fields).sort();

export function inputTypeOf(name: string): GraphQLInputObjectType {
  const type = getNamedType(fields[name]!.args[0]!.type);
  if (!isInputObjectType(type)) throw new Error(`${name} takes no input`);
  return type;
}

export function payloadTypeOf(name: string): GraphQLObjectType {
  const type = getNamedType(fields[name]!.type);
  if (!isObjectType(type)) throw new Error(`${name} answers no payload`);
  return type;
}

/** The operation for a mutation, asking for everything that its payload shows, `depth` things deep. */
export function documentOf(name: string, depth = 2): string {
  const payload = selectionOf(payloadTypeOf(name), depth);
  return `mutation ($input: ${inputTypeOf(name).name}!) { ${name}(input: $input) ${payload} }`;
}

function selectionOf(type: GraphQLObjectType, depth: number): string {
  const selected = Object.values(type.getFields()).flatMap((field) => selectedField(field, depth));
  return `{ ${selected.join(" ")} }`;
}

function selectedField(field: GraphQLField<unknown, unknown>, depth: number): string[] {
  const type = getNamedType(field.type);
  if (field.args.some(isRequiredArgument) || field.args.length > 0) return [];
  if (isLeafType(type)) return [field.name];
  return isObjectType(type) && depth > 0 ? [`${field.name} ${selectionOf(type, depth - 1)}`] : [];
}

/** The places in an input where public ids stand, as paths of keys. */
export function idPaths(input: Input, at: readonly string[] = []): string[][] {
  return Object.entries(input).flatMap(([key, value]) => {
    const path = [...at, key];
    if (typeof value === "string") return /^[a-z]{2,6}_[0-9a-z]{26}$/.test(value) ? [path] : [];
    return typeof value === "object" && value !== null ? idPaths(value as Input, path) : [];
  });
}

/** The same input with another value in one place. */
export function withValueAt(input: Input, [key = "", ...rest]: readonly string[], value: unknown): Input {
  const inner = rest.length === 0 ? value : withValueAt(input[key] as Input, rest, value);
  if (Array.isArray(input)) return Object.assign([...(input as unknown[])], { [key]: inner });
  return { ...input, [key]: inner };
}

export function valueAt(input: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((value, key) => (value as Record<string, unknown>)[key], input);
}
