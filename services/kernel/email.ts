import { domainToASCII } from "node:url";
import { invalid } from "./errors";
import { foldKey } from "./text";

/** An address as given, and the key by which addresses are compared. */
export interface Email {
  readonly asGiven: string;
  readonly norm: string;
  /** The domain as A-label, lower case. */
  readonly domain: string;
}

const localPart = /^[^\s@"(),:;<>[\]\\\u0000-\u001f\u007f]{1,64}$/u;

/**
 * Reads an e-mail address: exactly one `@`, no quoted local part, a domain with a dot, IDNA A-label (SAML-61).
 * @throws PlenumError `invalid` naming the field.
 */
export function parseEmail(field: string, value: unknown): Email {
  const email = typeof value === "string" ? readEmail(value) : undefined;
  if (!email) throw invalid(field, "an e-mail address such as ada@example.org", value);
  return email;
}

/** The address, or nothing where the text is none. */
export function readEmail(value: string): Email | undefined {
  const asGiven = value.trim();
  if (asGiven.length > 254) return undefined;
  const parts = asGiven.split("@");
  const [local, host] = parts;
  if (parts.length !== 2 || !local || !host || !localPart.test(local)) return undefined;
  const domain = readDomain(host);
  return domain === undefined ? undefined : { asGiven, norm: `${foldKey(local)}@${domain}`, domain };
}

// What ends a host inside a URL, or is dropped there: Node reads `corp.example/evil.test` as `corp.example`, and a letter
// would go to something else.
const noHost = /[\s/\\?#@:%[\]]/;

/** A domain name with at least one dot as lower-case A-label, or nothing. */
export function readDomain(value: string): string | undefined {
  const host = value.trim().toLowerCase();
  if (noHost.test(host)) return undefined;
  const ascii = domainToASCII(host);
  const label = "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?";
  return new RegExp(`^(?:${label}\\.)+${label}$`).test(ascii) && ascii.length <= 253 ? ascii : undefined;
}

/** Mail hosts that belong to everybody: never an organization's own domain (SAML-75). */
export const freeMailDomains: ReadonlySet<string> = new Set([
  "gmail.com",
  "googlemail.com",
  "outlook.com",
  "hotmail.com",
  "hotmail.fr",
  "live.com",
  "live.fr",
  "msn.com",
  "yahoo.com",
  "yahoo.fr",
  "ymail.com",
  "icloud.com",
  "me.com",
  "mac.com",
  "aol.com",
  "gmx.com",
  "gmx.de",
  "gmx.net",
  "web.de",
  "t-online.de",
  "orange.fr",
  "wanadoo.fr",
  "free.fr",
  "sfr.fr",
  "laposte.net",
  "bbox.fr",
  "neuf.fr",
  "proton.me",
  "protonmail.com",
  "mail.com",
  "mail.ru",
  "yandex.ru",
  "yandex.com",
  "qq.com",
  "163.com",
  "zoho.com",
]);
