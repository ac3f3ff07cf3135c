import { attribute, column, computed, link, parts, type Attribute } from "./attribute";

const readOnly = { mutability: "readOnly" } as const;

/** What every resource has (RFC 7643 §3.1). `resource` is the word in our own ids: the prefix of the TypeID. */
export const commonAttributes: readonly Attribute[] = [
  attribute("schemas", "URNs of the schemas that the resource uses.", computed("schemas"), {
    type: "reference",
    multiValued: true,
    caseExact: false,
    returned: "always",
    referenceTypes: ["uri"],
  }),
  attribute("id", "Identifier that Plenum gave; never changes, never used again.", computed("id"), {
    ...readOnly,
    caseExact: true,
    returned: "always",
    uniqueness: "server",
  }),
  attribute("externalId", "Identifier that the client gave; means something to this connection only.", link, {
    caseExact: true,
    maxLength: 512,
  }),
  attribute("meta", "Facts about the resource itself.", parts, {
    ...readOnly,
    type: "complex",
    subAttributes: [
      attribute("resourceType", "Name of the resource type.", computed("resourceType"), {
        ...readOnly,
        caseExact: true,
      }),
      attribute("created", "When the resource was created.", column("created_at"), { ...readOnly, type: "dateTime" }),
      attribute("lastModified", "When it last changed.", column("updated_at"), { ...readOnly, type: "dateTime" }),
      attribute("location", "URL of the resource.", computed("location"), {
        ...readOnly,
        type: "reference",
        referenceTypes: ["uri"],
      }),
      attribute("version", "Weak entity tag of this state.", computed("version"), { ...readOnly, caseExact: true }),
    ],
  }),
];
