import { closedSet } from "../enums";

export const Binding = closedSet("SamlBinding", "By which way a message of SAML travels.", ["REDIRECT", "POST"]);
export const SignaturePolicy = closedSet("SignaturePolicy", "What an answer has to be signed on.", [
  "EITHER",
  "ASSERTION",
  "RESPONSE",
  "BOTH",
]);
export const IdpInitiated = closedSet("IdpInitiated", "What happens with sign-ins that nobody asked for.", [
  "OFF",
  "RESTART",
  "ACCEPT",
]);
export const MappingProfile = closedSet("MappingProfile", "The make of an identity provider.", [
  "OKTA",
  "ENTRA",
  "GOOGLE",
  "ONELOGIN",
  "PING",
  "ADFS",
  "KEYCLOAK",
  "SHIBBOLETH",
]);
export const MetadataMode = closedSet("MetadataMode", "What follows when an identity provider's metadata change.", [
  "ASK",
  "AUTO",
]);
export const RoleCeiling = closedSet("RoleCeiling", "The highest role that an identity provider may give.", [
  "ADMIN",
  "MEMBER",
]);
export const RoleMappingTime = closedSet("RoleMappingTime", "When the role follows what is sent.", [
  "NEVER",
  "FIRST_LOGIN",
  "EVERY_LOGIN",
]);
export const ExpiredCertificates = closedSet("ExpiredCertificates", "Whether an expired certificate still vouches.", [
  "WARN",
  "ENFORCE",
]);
export const LinkPolicy = closedSet("LinkPolicy", "What links an identity to the member who has its address already.", [
  "VERIFIED_DOMAIN",
  "CONFIRM",
  "ADMIN",
]);
export const CertificateStatus = closedSet("CertificateStatus", "Whether a certificate vouches.", [
  "PENDING",
  "LIVE",
  "RETIRED",
  "COMPROMISED",
]);
export const SpKeyUse = closedSet("SpKeyUse", "What a key of ours is for.", ["SIGNING", "ENCRYPTION"]);
export const SpKeyStatus = closedSet("SpKeyStatus", "Where a key of ours stands on its way.", [
  "NEXT",
  "PUBLISHED",
  "ACTIVE",
  "RETIRED",
]);
/** What somebody may choose; a preview is begun and ended otherwise. */
export const ScimSwitch = closedSet("ScimSwitch", "Whether provisioning works.", ["ON", "PAUSED", "OFF"]);
