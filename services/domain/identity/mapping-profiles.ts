import { invalid } from "../../kernel/errors";
import type { AttributeMapping } from "./read-person";

/** The identity providers whose assertions have a shape that is known beforehand (SAML-70). */
export const mappingProfileNames = [
  "okta",
  "entra",
  "google",
  "onelogin",
  "ping",
  "adfs",
  "keycloak",
  "shibboleth",
] as const;
export type MappingProfileName = (typeof mappingProfileNames)[number];

interface MappingProfile {
  /** Where the usual names would not find it, or would find the wrong one; everything else follows the usual names. */
  readonly mapping: AttributeMapping;
  /** Entity ids of this vendor. */
  readonly looksLike: RegExp;
}

const microsoft = "http://schemas.microsoft.com";
const xmlsoap = "http://schemas.xmlsoap.org";

// Each is checked against a recorded shape in test/saml/mapping-profiles.test.ts.
const profiles: Readonly<Record<MappingProfileName, MappingProfile>> = {
  okta: {
    mapping: { email: "email", givenName: "firstName", familyName: "lastName", groups: "groups" },
    looksLike: /^https?:\/\/(www\.okta\.com|[\w.-]+\.okta(preview)?\.com|[\w.-]+\.okta-emea\.com)\//,
  },
  // The NameID is the user principal name, which changes with a marriage; the object id never does. `mail` may be empty:
  // the e-mail address then stands in …/claims/name, where the usual names look last.
  entra: {
    mapping: {
      identity: `${microsoft}/identity/claims/objectidentifier`,
      groups: `${microsoft}/ws/2008/06/identity/claims/groups`,
    },
    looksLike: /^https:\/\/sts\.windows\.net\//,
  },
  google: { mapping: {}, looksLike: /^https:\/\/accounts\.google\.com\/o\/saml2/ },
  onelogin: {
    mapping: {
      email: "User.email",
      givenName: "User.FirstName",
      familyName: "User.LastName",
      groups: "memberOf",
    },
    looksLike: /^https:\/\/([\w-]+\.)?onelogin\.com\//,
  },
  ping: { mapping: {}, looksLike: /pingone\.|pingidentity\.|^PingConnect/ },
  adfs: {
    mapping: { groups: `${xmlsoap}/claims/Group` },
    looksLike: /\/adfs\/services\/trust$/i,
  },
  // Its two mappers for groups and roles write `member` and `Role`; groups are what people are sorted by.
  keycloak: { mapping: { groups: "member" }, looksLike: /\/realms\/[^/]+$/ },
  shibboleth: { mapping: {}, looksLike: /\/idp\/shibboleth$|\/saml2\/idp\/metadata\.php$/ },
};

/** The mapping that a profile stands for; whoever chooses it may change it afterwards. */
export function mappingOfProfile(name: MappingProfileName): AttributeMapping {
  return profiles[name].mapping;
}

/** The profile that an entity id suggests; nothing for those of unknown make. */
export function guessProfile(idpEntityId: string | null): MappingProfileName | undefined {
  return mappingProfileNames.find((name) => idpEntityId !== null && profiles[name].looksLike.test(idpEntityId));
}

/** @throws PlenumError `invalid`. */
export function parseProfile(value: string): MappingProfileName {
  const found = mappingProfileNames.find((name) => name === value);
  if (!found) throw invalid("profile", mappingProfileNames.join(", "), value);
  return found;
}
