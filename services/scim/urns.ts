/** The names that SCIM gives to its documents (RFC 7643 §10.4, RFC 7644 §8.2). */
export const coreUser = "urn:ietf:params:scim:schemas:core:2.0:User";
export const coreGroup = "urn:ietf:params:scim:schemas:core:2.0:Group";
export const coreRole = "urn:ietf:params:scim:schemas:core:2.0:Role";
export const coreEntitlement = "urn:ietf:params:scim:schemas:core:2.0:Entitlement";
export const coreServiceProviderConfig = "urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig";
export const coreResourceType = "urn:ietf:params:scim:schemas:core:2.0:ResourceType";
export const coreSchema = "urn:ietf:params:scim:schemas:core:2.0:Schema";
export const enterpriseUser = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
// Entra accepts custom attributes under this pattern only: extension:<Name>:2.0:User.
export const plenumUser = "urn:ietf:params:scim:schemas:extension:plenum:2.0:User";
export const plenumGroup = "urn:ietf:params:scim:schemas:extension:plenum:2.0:Group";

export const messages = {
  listResponse: "urn:ietf:params:scim:api:messages:2.0:ListResponse",
  searchRequest: "urn:ietf:params:scim:api:messages:2.0:SearchRequest",
  patchOp: "urn:ietf:params:scim:api:messages:2.0:PatchOp",
  bulkRequest: "urn:ietf:params:scim:api:messages:2.0:BulkRequest",
  bulkResponse: "urn:ietf:params:scim:api:messages:2.0:BulkResponse",
  error: "urn:ietf:params:scim:api:messages:2.0:Error",
} as const;

/** URNs are compared without case (SCIM-070). */
export function sameUrn(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}
