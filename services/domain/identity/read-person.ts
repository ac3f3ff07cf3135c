import { readEmail, type Email } from "../../kernel/email";
import { isWellFormed } from "../../kernel/text";
import type { AssertionFacts } from "./assertion-facts";
import type { RoleMapping } from "./role-mapping";

/** Which attribute means what, where the administrator chose; absent properties follow the usual names (SAML-70). */
export interface AttributeMapping {
  readonly email?: string;
  readonly givenName?: string;
  readonly familyName?: string;
  readonly displayName?: string;
  readonly groups?: string;
  /** An attribute that identifies people better than the NameID, e.g. Entra's objectidentifier (SAML-60). */
  readonly identity?: string;
  /** Which values of which attribute give which role. */
  readonly roles?: RoleMapping;
}

const claims = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims";

/** The names under which Okta, Entra, Google, OneLogin, Ping, ADFS, Keycloak and Shibboleth send the same things. */
const usualNames = {
  email: [
    "email",
    "mail",
    "emailAddress",
    "User.email",
    `${claims}/emailaddress`,
    "urn:oid:0.9.2342.19200300.100.1.3",
    "urn:oid:1.2.840.113549.1.9.1",
    `${claims}/upn`,
    `${claims}/name`,
  ],
  givenName: ["firstName", "givenName", "given_name", "User.FirstName", `${claims}/givenname`, "urn:oid:2.5.4.42"],
  familyName: ["lastName", "surname", "sn", "family_name", "User.LastName", `${claims}/surname`, "urn:oid:2.5.4.4"],
  displayName: [
    "displayName",
    "http://schemas.microsoft.com/identity/claims/displayname",
    "urn:oid:2.16.840.1.113730.3.1.241",
    "cn",
    "urn:oid:2.5.4.3",
  ],
  groups: [
    "groups",
    "memberOf",
    "member",
    "http://schemas.microsoft.com/ws/2008/06/identity/claims/groups",
    "http://schemas.xmlsoap.org/claims/Group",
    "Role",
    "eduPersonAffiliation",
    "urn:oid:1.3.6.1.4.1.5923.1.1.1.1",
  ],
} as const satisfies Record<Exclude<keyof AttributeMapping, "identity" | "roles">, readonly string[]>;

/** The person that an assertion speaks of. */
export interface AssertedPerson {
  /** By what this identity provider knows them, for ever (SAML-60). */
  readonly identity: { readonly format: string; readonly key: string } | undefined;
  readonly email: Email | undefined;
  readonly givenName: string | null;
  readonly familyName: string | null;
  readonly displayName: string | null;
  /** Absent where no groups attribute came: then nothing about groups may change (SAML-68). */
  readonly groups: readonly string[] | undefined;
  /** What roles are mapped from; absent like the groups. */
  readonly roleValues: readonly string[] | undefined;
  /** Attributes that identify somebody and came more than once: which one is meant nobody knows (SAML-A38). */
  readonly ambiguous: readonly string[];
}

export const unspecified = "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified";
const transient = "urn:oasis:names:tc:SAML:2.0:nameid-format:transient";

/** Reads the person out of the attributes. Pure; whether they may come in is decided elsewhere. */
export function readPerson(facts: AssertionFacts, mapping: AttributeMapping): AssertedPerson {
  const find = (property: keyof typeof usualNames) => {
    const chosen = mapping[property];
    const names: readonly string[] = chosen === undefined ? usualNames[property] : [chosen];
    return names
      .map((name) => facts.attributes.find((attribute) => attribute.name === name))
      .find((attribute) => attribute?.values.some((value) => value.trim() !== ""));
  };
  const text = (property: "givenName" | "familyName" | "displayName") => plain(find(property)?.values[0]);
  const groups = find("groups")?.values;
  const mail = find("email");
  const stable = mapping.identity === undefined ? undefined : facts.attributes.find((a) => a.name === mapping.identity);
  const identifying = [mail, stable].filter((attribute) => attribute !== undefined);
  return {
    identity: identityOf(facts, mapping, stable?.values[0]),
    email: readEmail(mail?.values[0] ?? "") ?? readEmail(facts.nameId.value),
    givenName: text("givenName"),
    familyName: text("familyName"),
    displayName: text("displayName"),
    groups,
    roleValues:
      mapping.roles?.attribute === undefined
        ? groups
        : facts.attributes.find((attribute) => attribute.name === mapping.roles?.attribute)?.values,
    ambiguous: identifying.filter((a) => a.repeated || a.values.length > 1).map((a) => a.name),
  };
}

// A transient NameID names a session and not a person; with it nobody would ever be recognised again (SAML-51).
function identityOf({ nameId }: AssertionFacts, mapping: AttributeMapping, stable: string | undefined) {
  if (mapping.identity !== undefined) {
    const key = stable?.trim().normalize("NFC");
    return key ? { format: `attribute:${mapping.identity}`, key } : undefined;
  }
  return nameId.format === transient ? undefined : { format: nameId.format ?? unspecified, key: nameId.value };
}

function plain(value: string | undefined): string | null {
  const text = (value ?? "")
    .normalize("NFC")
    .replace(/[\u0000-\u001f\u007f\u202a-\u202e\u2066-\u2069]/g, " ")
    .trim();
  return text === "" || !isWellFormed(text) ? null : Array.from(text).slice(0, 200).join("");
}
