import {
  getNamedType,
  getNullableType,
  isEnumType,
  isInputObjectType,
  isIntrospectionType,
  isListType,
  isNonNullType,
  isObjectType,
  isScalarType,
  isSpecifiedScalarType,
  lexicographicSortSchema,
  printSchema,
  type GraphQLObjectType,
} from "graphql";
import { nounFields, nounNames } from "../../services/domain/reading";
import { errorCodes } from "../../services/kernel/errors";
import { permissions } from "../../services/platform/caller";
import { sayings, topLevelCodes, userErrorCodes } from "../../services/gateway/errors/codes";
import { messageOf } from "../../services/gateway/errors/messages";
import { findable, roots } from "../../services/gateway/roots";
import { plenumSchema } from "../../services/gateway/schema/build";
import { printSdl } from "../../services/gateway/sdl";

const schema = plenumSchema();
const types = Object.values(schema.getTypeMap()).filter((type) => !isIntrospectionType(type));
const objects = types.filter(isObjectType);
const query = schema.getQueryType() as GraphQLObjectType;
const mutation = schema.getMutationType() as GraphQLObjectType;
const rootTypes = [query, mutation];

test("GQL-40: the printed schema is the whole schema", () => {
  expect(printSdl()).toBe(`${printSchema(lexicographicSortSchema(schema))}\n`);
});

test("GQL-41: every type, field and argument is described", () => {
  const bare: string[] = [];
  for (const type of types) {
    if (isSpecifiedScalarType(type)) continue;
    if (!rootTypes.includes(type as GraphQLObjectType) && !type.description) bare.push(type.name);
    if (isInputObjectType(type) || isObjectType(type)) {
      for (const field of Object.values(type.getFields())) {
        if (!field.description) bare.push(`${type.name}.${field.name}`);
        for (const argument of "args" in field ? field.args : []) {
          if (!argument.description) bare.push(`${type.name}.${field.name}(${argument.name})`);
        }
      }
    }
  }
  expect(bare).toEqual([]);
});

// What a page is made of, and answers of mutations and previews, are no nouns.
const isOfNoNoun = (name: string) =>
  (/(Connection|Edge|Payload)$/.test(name) && name !== "IdentityConnection") ||
  (/^(Provisioning|Drifted|Planned|ScimTrial|ScimPreview)/.test(name) && name !== "ProvisioningEntry") ||
  ["PageInfo", "UserError", "Query", "Mutation", "Money", "ChangeLine", "SubscriptionChangePreview"].includes(name) ||
  ["AuditActor", "AuditTarget", "SectionLock", "Person", "DnsRecord"].includes(name) ||
  ["SsoEnforcement", "SsoEnforcementPreview", "LockedOutMember", "IdentityExpiry", "IdentityRelink"].includes(name) ||
  ["SamlTests", "SamlTestRun", "SamlCheck", "SamlHint", "IdpErrorExplanation"].includes(name);

test("GQL-35: what the schema shows of a noun is what a plan can read of it, field by field", () => {
  const known = nounFields();
  const shown = objects.filter((type) => !isOfNoNoun(type.name));
  expect(shown.map(({ name }) => name).sort()).toEqual(nounNames.filter((name) => name !== "Query").sort());
  for (const type of shown) {
    const fields = Object.keys(type.getFields()).sort();
    expect([type.name, fields]).toEqual([type.name, [...known[type.name as keyof typeof known]].sort()]);
  }
});

test("GQL-39: only roots and fields with arguments have resolvers", () => {
  const resolved = objects
    .filter((type) => !rootTypes.includes(type))
    .flatMap((type) => Object.values(type.getFields()).map((field) => ({ at: `${type.name}.${field.name}`, field })))
    .filter(({ field }) => field.resolve !== undefined && field.args.length === 0);
  expect(resolved.map(({ at }) => at)).toEqual([]);
});

test("GQL-37: every root of a query is planned, or has a reason not to be", () => {
  const unplanned = Object.keys(query.getFields()).filter((name) => !Object.hasOwn(roots, name));
  expect(unplanned.sort()).toEqual(
    [
      ...["explainIdpError", "identityExpiries", "identityRelinks", "node", "nodes"],
      ...["previewSsoEnforcement", "previewSubscriptionChange"],
      ...["provisioningDrift", "provisioningExchange", "provisioningHealth", "samlTestRun"],
      ...["samlTests", "scimDialect", "scimPreview", "ssoEnforcement"],
      // Administration of provisioning: computed, or a short list of what no plan joins.
      ...["groupRules", "oauthClients", "previewGroupRule", "provisioningRuns", "provisioningSettings"],
    ].sort(),
  );
  expect(Object.keys(roots).filter((name) => !Object.hasOwn(query.getFields(), name))).toEqual([]);
});

test("GQL-13: every type with a public id is found by node, and nothing else", () => {
  const nodes = objects.filter((type) => type.getInterfaces().some(({ name }) => name === "Node"));
  expect(nodes.map(({ name }) => name).sort()).toEqual(Object.keys(findable).sort());
});

test("GQL-10: a list of things is a page, unless it is short by nature", () => {
  const lists = objects
    .filter(({ name }) => name === "IdentityConnection" || !/(Connection|Payload|Edge)$/.test(name))
    .flatMap((type) => Object.values(type.getFields()).map((field) => ({ at: `${type.name}.${field.name}`, field })))
    .filter(({ field }) => isListType(getNullableType(field.type)) && isObjectType(getNamedType(field.type)));
  expect(lists.map(({ at }) => at).sort()).toEqual([
    ...["DriftedGroups.groups", "DriftedMembers.members"],
    ...[
      "EventTypeTemplate.locks",
      "IdentityConnection.certificates",
      "IdentityConnection.keys",
      "Member.options",
      "Organization.entitlements",
      "Plan.features",
      "Plan.prices",
    ],
    ...["ProvisioningHealth.clients", "ProvisioningHealth.errors", "ProvisioningRulePreview.lines"],
    ...["Query.apiTokens", "Query.groupRules", "Query.identityConnections", "Query.identityRelinks"],
    ...["Query.oauthClients", "Query.plans"],
    ...["Query.provisioningRuns", "SamlTestRun.checks", "SamlTestRun.hints"],
    ...["SamlTests.runs", "ScimPreview.groups", "ScimPreview.members", "ScimPreview.refusals"],
    ...["SubscriptionChangePreview.lines"],
  ]);
});

test("GQL-14: a mutation takes one input and answers with a payload of which only userErrors is sure", () => {
  for (const field of Object.values(mutation.getFields())) {
    const name = `${field.name[0]?.toUpperCase()}${field.name.slice(1)}`;
    expect(field.args.map((a) => `${a.name}: ${a.type.toString()}`)).toEqual([`input: ${name}Input!`]);
    expect(field.type.toString()).toBe(`${name}Payload!`);
    const payload = getNamedType(field.type) as GraphQLObjectType;
    const sure = Object.values(payload.getFields()).filter((f) => isNonNullType(f.type));
    expect(sure.map((f) => `${f.name}: ${f.type.toString()}`)).toEqual(["userErrors: [UserError!]!"]);
  }
});

test("decision 22: mutations are verbs first", () => {
  const verbs =
    /^(accept|add|allow|apply|approve|archive|assign|change|check|claim|create|delete|discard|import|invite|reactivate|refresh|reject|release|relink|remove|replay|report|resend|restore|retire|revert|revoke|rotate|set|settle|start|suspend|transfer|try|unassign|undo|update)[A-Z]/;
  expect(Object.keys(mutation.getFields()).filter((name) => !verbs.test(name))).toEqual([]);
});

test("REL-10: what allocates takes an idempotency key, what hands out a secret does not", () => {
  const withKey = types.filter(isInputObjectType).filter((type) => "idempotencyKey" in type.getFields());
  expect(withKey.map(({ name }) => name).sort()).toEqual([
    ...["AssignEventTypeTemplateInput", "AssignLicenceInput", "AssignPlanInput", "ChangeSubscriptionPlanInput"],
    ...[
      "ChangeSubscriptionQuantityInput",
      "CreateEventTypeTemplateInput",
      "CreateGroupInput",
      "CreateSubscriptionInput",
    ],
    ...["InviteMembersInput", "ReleaseLicenceInput"],
  ]);
});

test("GQL-17: no money is a float, and every scalar is one of ours or of the language", () => {
  expect(
    types
      .filter(isScalarType)
      .map(({ name }) => name)
      .sort(),
  ).toEqual(["Boolean", "DateTime", "Decimal", "ID", "Int", "JSON", "String"]);
});

test("ruling a14: the codes of userErrors are the domain's, in upper case; top-level codes are a closed list", () => {
  const shown = schema.getType("UserErrorCode");
  expect(isEnumType(shown) && shown.getValues().map(({ name }) => name)).toEqual(
    userErrorCodes.map((code) => code.toUpperCase()),
  );
  expect(Object.keys(sayings).sort()).toEqual([...errorCodes].sort());
  expect(new Set(Object.values(sayings).map(({ code }) => code)).size).toBeLessThanOrEqual(topLevelCodes.length);
  const permissionType = schema.getType("Permission");
  expect(isEnumType(permissionType) && permissionType.getValues().length).toBe(permissions.length);
});

test.each(errorCodes)("decision 19: %s is told in French and in English, and leaves no hole open", (code) => {
  const [french, english] = [messageOf(code, {}, "fr"), messageOf(code, {}, "en")];
  expect(french).not.toBe(english);
  for (const text of [french, english]) {
    expect(text).toMatch(/^\p{Lu}.*\.$/u);
    expect(text).not.toMatch(/[{}]/);
  }
});
