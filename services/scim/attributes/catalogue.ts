import { attribute, computed, type Attribute, type Schema } from "./attribute";
import { coreEntitlement, coreRole } from "../urns";

const readOnly = { mutability: "readOnly" } as const;

const entries = (what: string): readonly Attribute[] => [
  attribute("value", `Code of the ${what}, as it stands in a User.`, computed("value"), {
    ...readOnly,
    required: true,
  }),
  attribute("display", "Name for people.", computed("display"), readOnly),
  attribute("description", "What it gives.", computed("description"), readOnly),
  attribute("type", "Kind of entry.", computed("type"), readOnly),
  attribute("supported", "Whether it can be assigned now.", computed("supported"), { ...readOnly, type: "boolean" }),
  attribute("limitedAssignmentsPermitted", "Whether the number of assignments is limited.", computed("limited"), {
    ...readOnly,
    type: "boolean",
  }),
  attribute("totalAssignmentsPermitted", "How many may be assigned: the seats that are paid.", computed("permitted"), {
    ...readOnly,
    type: "integer",
  }),
  attribute("totalAssignmentsUsed", "How many are assigned.", computed("used"), { ...readOnly, type: "integer" }),
];

/** draft-ietf-scim-roles-entitlements: its counters fit seats exactly (SCIM-066). */
export const roleSchema: Schema = {
  urn: coreRole,
  name: "Role",
  description: "A role that a User may be given.",
  attributes: entries("role"),
};

export const entitlementSchema: Schema = {
  urn: coreEntitlement,
  name: "Entitlement",
  description: "A licence that a User may be given.",
  attributes: entries("licence"),
};
