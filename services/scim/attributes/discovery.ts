import { attribute, nowhere, type Attribute, type Schema } from "./attribute";
import { coreResourceType, coreSchema, coreServiceProviderConfig } from "../urns";

type Extra = Parameters<typeof attribute>[3];
const fixed = (name: string, description: string, extra: Extra = {}): Attribute =>
  attribute(name, description, nowhere, { mutability: "readOnly", ...extra });
const flag = (name: string, description: string): Attribute =>
  fixed(name, description, { type: "boolean", required: true });
const number = (name: string, description: string): Attribute => fixed(name, description, { type: "integer" });
const ability = (name: string, description: string, ...more: readonly Attribute[]): Attribute =>
  fixed(name, description, {
    type: "complex",
    required: true,
    subAttributes: [flag("supported", "Whether the server does it."), ...more],
  });
const uri = { type: "reference", caseExact: true, referenceTypes: ["uri"] } as const;

/** The documents that describe the server, described themselves (RFC 7643 §5 to §7, SCIM-052). */
export const serviceProviderConfigSchema: Schema = {
  urn: coreServiceProviderConfig,
  name: "ServiceProviderConfig",
  description: "What the server can do.",
  attributes: [
    fixed("documentationUri", "Where people read about it.", { type: "reference", referenceTypes: ["external"] }),
    ability("patch", "Modification of parts of a resource."),
    ability(
      "bulk",
      "Many operations in one request.",
      number("maxOperations", "Most operations."),
      number("maxPayloadSize", "Most bytes."),
    ),
    ability("filter", "Filters of lists.", number("maxResults", "Most resources in one answer.")),
    ability("changePassword", "Change of passwords."),
    ability("sort", "Sorting of lists."),
    ability("etag", "Versions of resources."),
    fixed("pagination", "How lists are paged (RFC 9865).", {
      type: "complex",
      subAttributes: [
        flag("cursor", "Whether cursors are known."),
        flag("index", "Whether startIndex is known."),
        fixed("defaultPaginationMethod", "What is used when the request names none.", {
          canonicalValues: ["cursor", "index"],
        }),
        number("defaultPageSize", "Resources in a page when count is absent."),
        number("maxPageSize", "Most resources in a page."),
        number("cursorTimeout", "Seconds that a cursor lives."),
      ],
    }),
    fixed("authenticationSchemes", "How a client shows who it is.", {
      type: "complex",
      multiValued: true,
      required: true,
      subAttributes: [
        fixed("type", "Kind of scheme.", { required: true }),
        fixed("name", "Name of the scheme.", { required: true }),
        fixed("description", "What it is.", { required: true }),
        fixed("specUri", "Its specification.", { type: "reference", referenceTypes: ["external"] }),
        fixed("documentationUri", "Where people read about it.", { type: "reference", referenceTypes: ["external"] }),
        fixed("primary", "Whether it is the preferred scheme.", { type: "boolean" }),
      ],
    }),
  ],
};

export const resourceTypeSchema: Schema = {
  urn: coreResourceType,
  name: "ResourceType",
  description: "A kind of resource that the server keeps.",
  attributes: [
    fixed("name", "Name of the kind.", { required: true, caseExact: true }),
    fixed("description", "What it is."),
    fixed("endpoint", "Path relative to the base URL.", { ...uri, required: true }),
    fixed("schema", "URN of its core schema.", { ...uri, required: true }),
    fixed("schemaExtensions", "Schemas that extend it.", {
      type: "complex",
      multiValued: true,
      subAttributes: [
        fixed("schema", "URN of the extension.", { ...uri, required: true }),
        flag("required", "Whether each resource must have it."),
      ],
    }),
  ],
};

const traits: readonly Attribute[] = [
  fixed("name", "Name of the attribute.", { required: true, caseExact: true }),
  fixed("type", "Type of its values.", {
    required: true,
    canonicalValues: ["string", "boolean", "decimal", "integer", "dateTime", "binary", "reference", "complex"],
  }),
  flag("multiValued", "Whether it holds a list."),
  fixed("description", "What it means."),
  flag("required", "Whether each resource must have it."),
  fixed("canonicalValues", "Values that are expected.", { multiValued: true }),
  fixed("caseExact", "Whether case matters in comparisons.", { type: "boolean" }),
  fixed("mutability", "Who may write it, and when.", {
    canonicalValues: ["readOnly", "readWrite", "immutable", "writeOnly"],
  }),
  fixed("returned", "When it stands in a response.", { canonicalValues: ["always", "never", "default", "request"] }),
  fixed("uniqueness", "Where no other resource has the same value.", { canonicalValues: ["none", "server", "global"] }),
  fixed("referenceTypes", "What a reference points to.", { multiValued: true }),
];

export const schemaSchema: Schema = {
  urn: coreSchema,
  name: "Schema",
  description: "A description of attributes.",
  attributes: [
    fixed("name", "Name of the schema."),
    fixed("description", "What it describes."),
    fixed("attributes", "The attributes.", {
      type: "complex",
      multiValued: true,
      required: true,
      subAttributes: [
        ...traits,
        fixed("subAttributes", "The attributes of a complex one.", {
          type: "complex",
          multiValued: true,
          subAttributes: traits,
        }),
      ],
    }),
  ],
};
