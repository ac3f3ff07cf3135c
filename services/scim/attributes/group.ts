import { attribute, column, computed, edges, type Schema } from "./attribute";
import { coreGroup } from "../urns";

/** RFC 7643 §4.2 (SCIM-064, SCIM-065). */
export const groupSchema: Schema = {
  urn: coreGroup,
  name: "Group",
  description: "A group of members.",
  attributes: [
    attribute(
      "displayName",
      "Name of the group; unique in the organization.",
      column("display_name", { key: "name_key" }),
      {
        required: true,
        uniqueness: "server",
        maxLength: 255,
      },
    ),
    attribute("members", "Users and groups that belong to the group.", edges("members"), {
      type: "complex",
      multiValued: true,
      subAttributes: [
        attribute("value", "Id of the User or Group.", computed("edge.value"), {
          mutability: "immutable",
          caseExact: true,
        }),
        attribute("$ref", "URL of the User or Group.", computed("edge.ref"), {
          type: "reference",
          mutability: "immutable",
          referenceTypes: ["User", "Group"],
        }),
        attribute("type", "User or Group.", computed("edge.type"), {
          mutability: "immutable",
          canonicalValues: ["User", "Group"],
        }),
        attribute("display", "Name of the User or Group.", computed("edge.display"), { mutability: "readOnly" }),
      ],
    }),
  ],
};
