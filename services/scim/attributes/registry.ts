import type { Attribute, ResourceType, Schema } from "./attribute";
import { entitlementSchema, roleSchema } from "./catalogue";
import { commonAttributes } from "./common";
import { resourceTypeSchema, schemaSchema, serviceProviderConfigSchema } from "./discovery";
import { enterpriseSchema } from "./enterprise";
import { groupSchema } from "./group";
import { plenumGroupSchema, plenumUserSchema } from "./plenum";
import { userSchema } from "./user";

/**
 * The one registry from which /Schemas, validation, filters, sorting, PATCH, projection and rendering are made
 * (SCIM-054). Adding an attribute is one row in one of its tables.
 */
export const userType: ResourceType = {
  name: "User",
  endpoint: "/Users",
  description: "Members of the organization.",
  common: commonAttributes,
  core: userSchema,
  extensions: [enterpriseSchema, plenumUserSchema],
};

export const groupType: ResourceType = {
  name: "Group",
  endpoint: "/Groups",
  description: "Groups of members.",
  common: commonAttributes,
  core: groupSchema,
  extensions: [plenumGroupSchema],
};

const catalogueCommon = commonAttributes.filter((a) => a.name !== "externalId");

export const roleType: ResourceType = {
  name: "Role",
  endpoint: "/Roles",
  description: "Roles that can be given.",
  common: catalogueCommon,
  core: roleSchema,
  extensions: [],
};

export const entitlementType: ResourceType = {
  name: "Entitlement",
  endpoint: "/Entitlements",
  description: "Licences that can be given.",
  common: catalogueCommon,
  core: entitlementSchema,
  extensions: [],
};

export const resourceTypes: readonly ResourceType[] = [userType, groupType, roleType, entitlementType];

export const schemas: readonly Schema[] = [
  userSchema,
  groupSchema,
  enterpriseSchema,
  plenumUserSchema,
  plenumGroupSchema,
  roleSchema,
  entitlementSchema,
  serviceProviderConfigSchema,
  resourceTypeSchema,
  schemaSchema,
];

/** A place in a resource: an attribute of one of its schemas. */
export interface Place {
  readonly schema: Schema;
  readonly attribute: Attribute;
  /** How values are kept in memory: `userName`, or the URN before the name for an extension's attribute. */
  readonly key: string;
}

interface Index {
  readonly byName: ReadonlyMap<string, Place>;
  readonly byUrn: ReadonlyMap<string, { schema: Schema; byName: ReadonlyMap<string, Place> }>;
  readonly places: readonly Place[];
}

const indexes = new Map<ResourceType, Index>();

function indexOf(type: ResourceType): Index {
  const known = indexes.get(type);
  if (known) return known;
  const placesOf = (schema: Schema, attributes: readonly Attribute[], prefix: string): Place[] =>
    attributes.map((attribute) => ({ schema, attribute, key: prefix + attribute.name }));
  const core = placesOf(type.core, [...type.common, ...type.core.attributes], "");
  const named = (places: readonly Place[]) => new Map(places.map((p) => [p.attribute.name.toLowerCase(), p]));
  const byUrn = new Map([[type.core.urn.toLowerCase(), { schema: type.core, byName: named(core) }]]);
  const places = [...core];
  for (const schema of type.extensions) {
    const own = placesOf(schema, schema.attributes, `${schema.urn}:`);
    places.push(...own);
    byUrn.set(schema.urn.toLowerCase(), { schema, byName: named(own) });
  }
  const index = { byName: named(core), byUrn, places };
  indexes.set(type, index);
  return index;
}

/** Every attribute of a resource type, in the order in which it is shown. */
export function placesOf(type: ResourceType): readonly Place[] {
  return indexOf(type).places;
}

/** The attribute of that name, in any case, of the core schema or of the one that the URN names. */
export function findPlace(type: ResourceType, name: string, urn?: string): Place | undefined {
  const index = indexOf(type);
  const names = urn === undefined ? index.byName : index.byUrn.get(urn.toLowerCase())?.byName;
  return names?.get(name.toLowerCase());
}

/** The core or extension schema of that URN, in any case. */
export function findSchema(type: ResourceType, urn: string): Schema | undefined {
  return indexOf(type).byUrn.get(urn.toLowerCase())?.schema;
}

/** The sub-attribute of that name, in any case. */
export function findSub(attribute: Attribute, name: string): Attribute | undefined {
  const wanted = name.toLowerCase();
  return attribute.subAttributes?.find((sub) => sub.name.toLowerCase() === wanted);
}
