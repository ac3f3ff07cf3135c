import { badConnection, type IdpCertificate } from "./certificates";

export type Binding = "REDIRECT" | "POST";

/** What Plenum has to know of an identity provider, whichever way it was entered (SAML-03). */
export interface IdpRecord {
  readonly idpEntityId: string;
  readonly ssoUrl: string;
  readonly ssoBinding: Binding;
  readonly sloUrl: string | null;
  readonly sloBinding: Binding | null;
  readonly certificates: readonly IdpCertificate[];
  readonly signRequests: boolean;
  readonly validUntil: Date | null;
}

/** Settings that stand in `identity_connection.options`; absent ones have the strict default. */
export interface SamlOptions {
  readonly expiredCertificates?: "enforce";
  readonly inclusiveC14n?: boolean;
  /** ISO instant; SHA-1 is taken until then. */
  readonly sha1Until?: string;
  readonly destinationOptional?: boolean;
  readonly cbcUnsigned?: boolean;
  readonly authnContexts?: readonly string[];
  readonly maxAuthnAgeSeconds?: number;
  readonly nameIdFormat?: string;
  /** Whether only members whom SCIM has brought may sign in, whatever the provisioning mode (SAML-64). */
  readonly scimOnly?: boolean;
  /** What links an identity to the member who has its address; their verified domain alone where absent (SAML-62). */
  readonly linkPolicy?: "confirm" | "admin";
  /** Whether somebody chose the provisioning mode; then SCIM does not change it (ruling 12). */
  readonly provisioningChosen?: boolean;
}

/** Where plain http may be named: on a developer's machine, never in production (SAML-08). */
export interface UrlRule {
  readonly httpAllowed: boolean;
}

/**
 * An address of the identity provider as it was given, query string included.
 * @throws PlenumError `invalid` for other schemes, user names and fragments.
 */
export function readEndpoint(field: string, text: string, { httpAllowed }: UrlRule): string {
  const bad = (reason: string, expected: string) =>
    badConnection(field, reason, expected, { received: text.slice(0, 200) });
  if (text.length > 2_000 || /[\s\u0000-\u001f\\]/.test(text) || !URL.canParse(text)) {
    throw bad("url_unreadable", "a URL https://…");
  }
  const url = new URL(text);
  if (url.protocol !== "https:" && !(url.protocol === "http:" && httpAllowed))
    throw bad("url_scheme", "a URL https://…");
  if (url.username || url.password) throw bad("url_user_name", "a URL without user name");
  if (text.includes("#")) throw bad("url_fragment", "a URL without fragment");
  return text;
}

/** @throws PlenumError `invalid` for an entity id that saml-metadata-2.0-os §2.2.1 does not allow. */
export function readEntityId(field: string, text: string): string {
  if (text.length < 1 || text.length > 1_024 || text.trim() !== text || /[\u0000-\u001f\u007f]/.test(text)) {
    throw badConnection(field, "entity_id", "1 to 1024 characters without spaces around", {
      received: text.slice(0, 200),
    });
  }
  return text;
}
