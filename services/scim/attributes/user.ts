import { attribute, column, edges, nowhere, parts, rest, row, rows, type Attribute, type Schema } from "./attribute";
import { coreUser } from "../urns";

// PostgreSQL cannot index a key of more than about 2,700 bytes; the values that are looked up stay far below it.
const indexed = { maxLength: 512 } as const;

/** A list of values of which one may be the preferred (RFC 7643 §2.4); the types are suggestions. */
function plural(name: string, of: string, types: readonly string[], value: Partial<Attribute> = indexed): Attribute {
  return attribute(name, `${of[0]?.toUpperCase()}${of.slice(1)} of the person.`, rows, {
    type: "complex",
    multiValued: true,
    subAttributes: [
      attribute("value", `The ${of.replace(/ies$/, "y").replace(/(?<!s)s$/, "")} itself.`, row("value"), value),
      attribute("display", "Text for people.", row("detail")),
      attribute("type", "What the value is used for.", row("type"), types.length > 0 ? { canonicalValues: types } : {}),
      attribute("primary", "Whether this is the preferred value; at most one is.", row("primary"), { type: "boolean" }),
    ],
  });
}

const link = { type: "reference", caseExact: true, referenceTypes: ["external"], maxLength: 65_536 } as const;

/** RFC 7643 §4.1, every attribute (SCIM-061). */
export const userSchema: Schema = {
  urn: coreUser,
  name: "User",
  description: "User Account",
  attributes: [
    attribute(
      "userName",
      "Name by which the identity provider knows the member; unique in the organization.",
      column("user_name", { key: "user_name_key" }),
      {
        required: true,
        uniqueness: "server",
        maxLength: 254,
      },
    ),
    attribute("name", "The parts of the person's name.", parts, {
      type: "complex",
      subAttributes: [
        attribute(
          "formatted",
          "The whole name for display; made from the parts when it is not given.",
          column("formatted_name", { shownAs: "formattedName" }),
        ),
        attribute("familyName", "Family name.", column("family_name")),
        attribute("givenName", "Given name.", column("given_name")),
        attribute("middleName", "Middle names.", column("middle_name")),
        attribute("honorificPrefix", "Title before the name, such as Dr.", column("honorific_prefix")),
        attribute("honorificSuffix", "Suffix after the name, such as III.", column("honorific_suffix")),
      ],
    }),
    attribute("displayName", "Name shown to others.", column("display_name", { lookup: "name_key" })),
    attribute("nickName", "Casual name.", rest("nickName")),
    attribute("profileUrl", "Address of a page about the person.", rest("profileUrl"), link),
    attribute("title", "Job title.", column("title")),
    attribute("userType", "Relation to the organization, such as Employee.", rest("userType")),
    attribute(
      "preferredLanguage",
      "Language of the pages and mails, as in Accept-Language.",
      column("preferred_language"),
    ),
    attribute("locale", "Form of dates and numbers, such as fr-FR.", column("locale")),
    attribute("timezone", "IANA time zone used for scheduling.", column("time_zone")),
    attribute(
      "active",
      "Whether the member may sign in and hold a seat.",
      { in: "computed", fact: "active" },
      { type: "boolean" },
    ),
    // Okta always sends one. No password is stored anywhere in Plenum.
    attribute("password", "Accepted and thrown away.", nowhere, { mutability: "writeOnly", returned: "never" }),
    plural("emails", "e-mail addresses", ["work", "home", "other"]),
    plural("phoneNumbers", "phone numbers", ["work", "home", "mobile", "fax", "pager", "other"]),
    plural("ims", "instant messaging addresses", ["aim", "gtalk", "icq", "xmpp", "msn", "skype", "qq", "yahoo"]),
    plural("photos", "photos", ["photo", "thumbnail"], link),
    attribute("addresses", "Postal addresses of the person.", rows, {
      type: "complex",
      multiValued: true,
      subAttributes: [
        attribute("formatted", "The whole address for display.", row("detail")),
        attribute("streetAddress", "House number and street.", row("detail")),
        attribute("locality", "City.", row("detail")),
        attribute("region", "State or region.", row("detail")),
        attribute("postalCode", "Postal code.", row("detail")),
        attribute("country", "Country, as ISO 3166-1 alpha-2 code.", row("detail")),
        attribute("type", "What the address is used for.", row("type"), { canonicalValues: ["work", "home", "other"] }),
        attribute("primary", "Whether this is the preferred address.", row("primary"), { type: "boolean" }),
      ],
    }),
    attribute("groups", "Groups that the member belongs to, directly or through another group.", edges("groups"), {
      type: "complex",
      multiValued: true,
      mutability: "readOnly",
      subAttributes: [
        attribute(
          "value",
          "Id of the group.",
          { in: "computed", fact: "edge.value" },
          { mutability: "readOnly", caseExact: true },
        ),
        attribute(
          "$ref",
          "URL of the group.",
          { in: "computed", fact: "edge.ref" },
          {
            type: "reference",
            mutability: "readOnly",
            referenceTypes: ["Group"],
          },
        ),
        attribute(
          "display",
          "Name of the group.",
          { in: "computed", fact: "edge.display" },
          { mutability: "readOnly" },
        ),
        attribute(
          "type",
          "How the member belongs to it.",
          { in: "computed", fact: "edge.type" },
          {
            mutability: "readOnly",
            canonicalValues: ["direct", "indirect"],
          },
        ),
      ],
    }),
    plural("entitlements", "entitlements", []),
    plural("roles", "roles", []),
    plural("x509Certificates", "certificates", [], { type: "binary", caseExact: true, maxLength: 65_536 }),
  ],
};
