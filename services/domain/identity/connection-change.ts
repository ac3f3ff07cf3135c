import { dayMs, instant, plusMs } from "../../kernel/clock";
import { invalid } from "../../kernel/errors";
import { parseText } from "../../kernel/text";
import type { Tx } from "../../platform/unit-of-work";
import type { Connection, ConnectionOptions } from "./connection";
import type { AttributeMapping } from "./read-person";
import { mappingOfProfile, parseProfile } from "./mapping-profiles";
import { parseRoleMapping } from "./role-mapping";
import { readEndpoint, readEntityId, type UrlRule } from "./saml-settings";

/** What may be changed of a connection. Absent keeps, a value sets, null clears where it is allowed (GQL-16). */
export interface ConnectionChange {
  readonly name?: string;
  readonly idpEntityId?: string;
  readonly ssoUrl?: string;
  readonly ssoBinding?: string;
  readonly sloUrl?: string | null;
  readonly sloBinding?: string | null;
  readonly spEntityId?: string | null;
  readonly signRequests?: boolean;
  readonly signaturePolicy?: string;
  readonly requireEncryption?: boolean;
  readonly skewSeconds?: number;
  readonly idpInitiated?: string;
  readonly provisioning?: string;
  /** Fills the mapping in as a vendor's assertions need it; the rules for roles stay, `mapping` has the last word. */
  readonly profile?: string;
  /** The whole mapping: what is left out follows the profile of this change, or the usual names again. */
  readonly mapping?: AttributeMapping;
  readonly roleCeiling?: string;
  readonly metadataUrl?: string | null;
  readonly metadataMode?: string;
  readonly options?: OptionsChange;
}

/** Null goes back to the strict default. */
export interface OptionsChange {
  readonly expiredCertificates?: "warn" | "enforce" | null;
  readonly inclusiveC14n?: boolean | null;
  readonly sha1Until?: Date | null;
  readonly destinationOptional?: boolean | null;
  readonly cbcUnsigned?: boolean | null;
  readonly authnContexts?: readonly string[] | null;
  readonly maxAuthnAgeSeconds?: number | null;
  readonly nameIdFormat?: string | null;
  readonly scimOnly?: boolean | null;
  /** What links an identity to the member who has its address (SAML-62). */
  readonly linkPolicy?: "verified_domain" | "confirm" | "admin" | null;
  readonly endSessions?: boolean | null;
}

const sha1DaysMax = 90;
const contextsMax = 20;
const mapped = ["email", "givenName", "familyName", "displayName", "groups", "identity"] as const;

type Key = Exclude<keyof ConnectionChange, "options" | "profile">;
type Read = (value: never, rule: UrlRule) => unknown;
type ReadOption = (tx: Tx, value: never) => unknown;

// One line per setting: what it may be.
const settings: { readonly [K in Key]: (value: NonNullable<ConnectionChange[K]>, rule: UrlRule) => unknown } = {
  name: (v) => parseText("name", v, { max: 120 }),
  idpEntityId: (v) => readEntityId("idpEntityId", v),
  ssoUrl: (v, rule) => readEndpoint("ssoUrl", v, rule),
  ssoBinding: (v) => oneOf("ssoBinding", v, ["REDIRECT", "POST"]),
  sloUrl: (v, rule) => readEndpoint("sloUrl", v, rule),
  sloBinding: (v) => oneOf("sloBinding", v, ["REDIRECT", "POST"]),
  spEntityId: (v) => readEntityId("spEntityId", v),
  signRequests: (v) => v,
  signaturePolicy: (v) => oneOf("signaturePolicy", v, ["either", "assertion", "response", "both"]),
  requireEncryption: (v) => v,
  skewSeconds: (v) => wholeNumber("skewSeconds", v, 0, 300),
  idpInitiated: (v) => oneOf("idpInitiated", v, ["off", "restart", "accept"]),
  provisioning: (v) => oneOf("provisioning", v, ["off", "existing", "create"]),
  mapping: (v) => parseMapping(v),
  roleCeiling: (v) => oneOf("roleCeiling", v, ["ADMIN", "MEMBER"]),
  // Metadata is fetched by us: https whatever the installation (SAML-07).
  metadataUrl: (v) => readEndpoint("metadataUrl", v, { httpAllowed: false }),
  metadataMode: (v) => oneOf("metadataMode", v, ["ask", "auto"]),
};
const clearable: ReadonlySet<string> = new Set(["sloUrl", "sloBinding", "spEntityId", "metadataUrl"]);

/**
 * The connection with a change applied.
 * @throws PlenumError `invalid` naming the field.
 */
export function applyChange(tx: Tx, before: Connection, change: ConnectionChange): Connection {
  const rule = { httpAllowed: tx.instance.publicUrl.startsWith("http:") };
  const read = (Object.keys(settings) as Key[]).flatMap((key) => {
    const value = change[key];
    if (value === undefined) return [];
    if (value === null) {
      if (!clearable.has(key)) throw invalid(key, "a value", "null");
      return [[key, null] as const];
    }
    return [[key, (settings[key] as Read)(value as never, rule)] as const];
  });
  const chosen = change.provisioning === undefined ? {} : { provisioningChosen: true };
  return {
    ...before,
    ...(Object.fromEntries(read) as Partial<Connection>),
    ...(change.profile === undefined ? {} : { mapping: mappingBy(change.profile, before, change.mapping ?? {}) }),
    options: { ...applyOptions(tx, before.options, change.options ?? {}), ...chosen },
  };
}

function mappingBy(profile: string, { mapping: { roles } }: Connection, typed: AttributeMapping): AttributeMapping {
  const filled = mappingOfProfile(parseProfile(profile));
  return { ...filled, ...(roles === undefined ? {} : { roles }), ...parseMapping(typed) };
}

const options: { readonly [K in keyof OptionsChange]-?: (tx: Tx, value: NonNullable<OptionsChange[K]>) => unknown } = {
  // An expired certificate vouches by default: SAML trusts the key (SAML-10). Only the other choice is kept.
  expiredCertificates: (_, v) =>
    oneOf("options.expiredCertificates", v, ["warn", "enforce"]) === "enforce" ? v : null,
  inclusiveC14n: (_, v) => v || null,
  sha1Until: (tx, v) => parseSha1Until(tx, v),
  destinationOptional: (_, v) => v || null,
  cbcUnsigned: (_, v) => v || null,
  authnContexts: (_, v) => parseContexts(v),
  maxAuthnAgeSeconds: (_, v) => wholeNumber("options.maxAuthnAgeSeconds", v, 60, 30 * 86_400),
  nameIdFormat: (_, v) => parseText("options.nameIdFormat", v, { max: 300 }),
  scimOnly: (_, v) => v || null,
  linkPolicy: (_, v) => {
    const policy = oneOf("options.linkPolicy", v, ["verified_domain", "confirm", "admin"]);
    return policy === "verified_domain" ? null : policy;
  },
  endSessions: (_, v) => (v ? null : false),
};

function applyOptions(tx: Tx, before: ConnectionOptions, change: OptionsChange): ConnectionOptions {
  const read = (Object.keys(options) as (keyof OptionsChange)[]).flatMap((key) => {
    const value = change[key];
    if (value === undefined) return [];
    return [[key, value === null ? null : (options[key] as ReadOption)(tx, value as never)] as const];
  });
  const merged: Readonly<Record<string, unknown>> = { ...before, ...Object.fromEntries(read) };
  return Object.fromEntries(Object.entries(merged).filter(([, value]) => value !== null));
}

function parseSha1Until(tx: Tx, until: Date): string {
  const latest = plusMs(tx.now, sha1DaysMax * dayMs);
  if (!(until > tx.now && until <= latest)) {
    throw invalid(
      "options.sha1Until",
      `an instant within the next ${sha1DaysMax} days`,
      instant(until.getTime()).toISOString(),
    );
  }
  return until.toISOString();
}

function parseContexts(classes: readonly string[]): readonly string[] | null {
  if (classes.length > contextsMax)
    throw invalid("options.authnContexts", `at most ${contextsMax} classes`, classes.length);
  return classes.length === 0 ? null : classes.map((text) => parseText("options.authnContexts", text, { max: 300 }));
}

function oneOf<T extends string>(field: string, value: string, known: readonly T[]): T {
  const found = known.find((one) => one === value);
  if (!found) throw invalid(field, known.join(", "), value);
  return found;
}

function wholeNumber(field: string, value: number, min: number, max: number): number {
  if (!Number.isInteger(value) || value < min || value > max) throw invalid(field, `${min} to ${max}`, value);
  return value;
}

function parseMapping(mapping: AttributeMapping): AttributeMapping {
  const entries = mapped.flatMap((key) => {
    const name = mapping[key];
    return name === undefined ? [] : [[key, parseText(`mapping.${key}`, name, { max: 300 })] as const];
  });
  const roles = mapping.roles === undefined ? {} : { roles: parseRoleMapping(mapping.roles) };
  return { ...Object.fromEntries(entries), ...roles };
}
