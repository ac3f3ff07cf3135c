import {
  discoveryList,
  findResourceTypeDocument,
  findSchemaDocument,
  resourceTypeDocuments,
  schemaDocuments,
  serviceProviderConfig,
} from "./discovery";
import { notFound, ScimRefusal } from "./refusal";
import type { Document } from "./render-resource";
import type { Answer, ScimRequest } from "./request";

// The same for everybody and for a while (SCIM-025, SCIM-045).
const cached = { "Cache-Control": "private, max-age=300" } as const;

/** Discovery needs no database: the documents follow from the attribute table (SCIM-050 to SCIM-053). */
export function discover(request: ScimRequest): Answer {
  const [endpoint = "", name] = request.segments;
  if (request.query.has("filter")) {
    throw new ScimRefusal(403, undefined, "discovery documents are not filtered (RFC 7644 §4)");
  }
  switch (endpoint.toLowerCase()) {
    case "serviceproviderconfig":
      return shown(
        name === undefined ? serviceProviderConfig(request.baseUrl, request.publicUrl) : undefined,
        "document",
      );
    case "resourcetypes":
      if (name === undefined) return shown(discoveryList(resourceTypeDocuments(request.baseUrl)), "");
      return shown(findResourceTypeDocument(request.baseUrl, name), "resource type");
    default:
      if (name === undefined) return shown(discoveryList(schemaDocuments(request.baseUrl)), "");
      return shown(findSchemaDocument(request.baseUrl, name), "schema");
  }
}

function shown(document: Document | undefined, what: string): Answer {
  if (!document) throw notFound(what);
  const location = (document["meta"] as { location?: string } | undefined)?.location;
  return { status: 200, document, headers: { ...cached, ...(location === undefined ? {} : { Location: location }) } };
}
