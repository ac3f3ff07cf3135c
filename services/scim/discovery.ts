import type { Attribute, ResourceType, Schema } from "./attributes/attribute";
import { resourceTypes, schemas } from "./attributes/registry";
import { limits } from "./limits";
import type { Document } from "./render-resource";
import { coreResourceType, coreSchema, coreServiceProviderConfig, messages, sameUrn } from "./urns";

/** One schema as RFC 7643 §7 writes it: what is stored and returned, and nothing else (SCIM-052). */
export function schemaDocument(schema: Schema): Document {
  return {
    schemas: [coreSchema],
    id: schema.urn,
    name: schema.name,
    description: schema.description,
    attributes: schema.attributes.filter(isPublished).map(attributeDocument),
  };
}

const isPublished = (attribute: Attribute): boolean => attribute.returned !== "never";

function attributeDocument(attribute: Attribute): Document {
  const { canonicalValues, referenceTypes, subAttributes } = attribute;
  return {
    name: attribute.name,
    type: attribute.type,
    multiValued: attribute.multiValued,
    description: attribute.description,
    required: attribute.required,
    ...(canonicalValues ? { canonicalValues } : {}),
    caseExact: attribute.caseExact,
    mutability: attribute.mutability,
    returned: attribute.returned,
    uniqueness: attribute.uniqueness,
    ...(referenceTypes ? { referenceTypes } : {}),
    ...(subAttributes ? { subAttributes: subAttributes.map(attributeDocument) } : {}),
  };
}

function resourceTypeDocument(type: ResourceType): Document {
  return {
    schemas: [coreResourceType],
    id: type.name,
    name: type.name,
    description: type.description,
    endpoint: type.endpoint,
    schema: type.core.urn,
    ...(type.extensions.length > 0
      ? { schemaExtensions: type.extensions.map(({ urn }) => ({ schema: urn, required: false })) }
      : {}),
  };
}

const at = (document: Document, resourceType: string, location: string): Document => ({
  ...document,
  meta: { resourceType, location },
});

/** All schemas, each with its place under the base URL. */
export function schemaDocuments(baseUrl: string): Document[] {
  return schemas.map((schema) => at(schemaDocument(schema), "Schema", `${baseUrl}/Schemas/${schema.urn}`));
}

/** The schema of that URN, in any case. */
export function findSchemaDocument(baseUrl: string, urn: string): Document | undefined {
  return schemaDocuments(baseUrl).find((document) => sameUrn(String(document["id"]), urn));
}

export function resourceTypeDocuments(baseUrl: string): Document[] {
  return resourceTypes.map((type) =>
    at(resourceTypeDocument(type), "ResourceType", `${baseUrl}/ResourceTypes/${type.name}`),
  );
}

export function findResourceTypeDocument(baseUrl: string, name: string): Document | undefined {
  const wanted = name.toLowerCase();
  return resourceTypeDocuments(baseUrl).find((document) => String(document["name"]).toLowerCase() === wanted);
}

/** What this server can do; every number is the one that is enforced (SCIM-050). */
export function serviceProviderConfig(baseUrl: string, publicUrl: string): Document {
  const document = {
    schemas: [coreServiceProviderConfig],
    documentationUri: `${publicUrl}/docs/scim`,
    patch: { supported: true },
    bulk: { supported: true, maxOperations: limits.bulkOperations, maxPayloadSize: limits.bulkBodyBytes },
    filter: { supported: true, maxResults: limits.maxPageSize },
    changePassword: { supported: false },
    sort: { supported: true },
    etag: { supported: true },
    pagination: {
      cursor: true,
      index: true,
      defaultPaginationMethod: "index",
      defaultPageSize: limits.defaultPageSize,
      maxPageSize: limits.maxPageSize,
      cursorTimeout: limits.cursorSeconds,
    },
    authenticationSchemes: [
      {
        type: "oauthbearertoken",
        name: "Bearer token",
        description: "A token of this connection, made in Plenum.",
        specUri: "https://www.rfc-editor.org/info/rfc6750",
        primary: true,
      },
      {
        type: "oauth2",
        name: "OAuth 2.0 client credentials",
        description: `A token for an hour from ${publicUrl}/oauth2/token, by a client's secret or signed assertion.`,
        specUri: "https://www.rfc-editor.org/info/rfc6749",
      },
    ],
  };
  return at(document, "ServiceProviderConfig", `${baseUrl}/ServiceProviderConfig`);
}

/** A list that is never filtered nor paged (SCIM-053). */
export function discoveryList(documents: readonly Document[]): Document {
  return {
    schemas: [messages.listResponse],
    totalResults: documents.length,
    startIndex: 1,
    itemsPerPage: documents.length,
    Resources: documents,
  };
}
