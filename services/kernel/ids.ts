import { randomFillSync } from "node:crypto";
import { V7Generator } from "uuidv7";
import { PlenumError } from "./errors";

/**
 * One public form at every door: a prefix and a UUIDv7 in base32 (TypeID, decision 2). Inside, and in the database,
 * an id is the plain uuid text; only doors and facts of refusals show the public form.
 */
export const idPrefixes = {
  organization: "org",
  person: "per",
  member: "mem",
  invitation: "inv",
  subscription: "sub",
  licence: "lic",
  group: "grp",
  connection: "con",
  domain: "dom",
  session: "ses",
  token: "tok",
  scimToken: "sct",
  oauthClient: "oac",
  groupRule: "grr",
  provisioningRun: "prun",
  eventTypeTemplate: "evtt",
  eventType: "evt",
  auditEntry: "aud",
  domainEvent: "dev",
  certificate: "crt",
  idpCertificate: "idpc",
  spKey: "spk",
  credential: "crd",
  identityLink: "idl",
  testRun: "run",
  provisioningEntry: "pve",
  preview: "prv",
  mail: "mail",
} as const;

export type IdKind = keyof typeof idPrefixes;
/** The uuid of one kind of thing; the brand keeps a member's id out of a place for an organization's. */
export type Id<K extends IdKind> = string & { readonly __id: K };

export type OrgId = Id<"organization">;
export type PersonId = Id<"person">;
export type MemberId = Id<"member">;
export type InvitationId = Id<"invitation">;
export type SubscriptionId = Id<"subscription">;
export type LicenceId = Id<"licence">;
export type GroupId = Id<"group">;
export type ConnectionId = Id<"connection">;
export type DomainId = Id<"domain">;
export type SessionId = Id<"session">;
export type TokenId = Id<"token">;
export type ScimTokenId = Id<"scimToken">;
export type OAuthClientId = Id<"oauthClient">;
export type GroupRuleId = Id<"groupRule">;
export type ProvisioningRunId = Id<"provisioningRun">;
export type TemplateId = Id<"eventTypeTemplate">;
export type EventTypeId = Id<"eventType">;
export type IdpCertificateId = Id<"idpCertificate">;
export type SpKeyId = Id<"spKey">;
export type CredentialId = Id<"credential">;
export type ProvisioningEntryId = Id<"provisioningEntry">;
export type IdentityLinkId = Id<"identityLink">;
export type TestRunId = Id<"testRun">;
export type PreviewId = Id<"preview">;

const kindOfPrefix = new Map<string, IdKind>(
  (Object.keys(idPrefixes) as IdKind[]).map((kind) => [idPrefixes[kind], kind]),
);
const uuidShape = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

// The library asks the system for 32 bytes at a time, which was a fortieth of the work of a write.
const randoms = new Uint32Array(512);
let randomAt = randoms.length;
const generator = new V7Generator({
  nextUint32() {
    if (randomAt === randoms.length) {
      randomFillSync(randoms);
      randomAt = 0;
    }
    return randoms[randomAt++] as number;
  },
});

/** A fresh uuid, ordered by time of creation (UUIDv7). */
export function newUuid(): string {
  return generator.generate().toString();
}

/** A fresh id. */
export function newId<K extends IdKind>(_kind: K): Id<K> {
  return newUuid() as Id<K>;
}

/** The public form: `mem_01h455vb4pex5vsknk084sn02q`. */
export function publicId<K extends IdKind>(kind: K, id: Id<K>): string {
  return `${idPrefixes[kind]}_${base32Of(id)}`;
}

const digits = "0123456789abcdefghjkmnpqrstvwxyz";
// 128 bits behind two zero bits, so the first digit is 7 at most: no id has two spellings.
const base32Shape = /^[0-7][0-9a-hjkmnp-tv-z]{25}$/;
const digitValues = new Uint8Array(128);
const digitCodes = Uint8Array.from(digits, (digit) => digit.charCodeAt(0));
const hexValues = new Uint8Array(128);
for (let value = 0; value < 32; value++) digitValues[digitCodes[value] as number] = value;
for (let value = 0; value < 16; value++) hexValues[value.toString(16).charCodeAt(0)] = value;

// The library takes 2.8 µs to write an id and 8 to read one, these two 0.4 and 1.5: a page of 50 members shows 100 ids,
// and every request reads two or three. They are held against the library by a property test (test/kernel).

/** The uuid behind 26 base32 digits, or nothing. */
export function uuidOf(text: string): string | undefined {
  if (!base32Shape.test(text)) return undefined;
  let hex = hexOf(text, 0, 2);
  for (let at = 2; at < 26; at += 4) hex += hexOf(text, at, at + 4);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

function hexOf(text: string, from: number, to: number): string {
  let bits = 1; // keeps the zeros in front
  for (let at = from; at < to; at++) bits = (bits << 5) | (digitValues[text.charCodeAt(at)] as number);
  return bits.toString(16).slice(1);
}

/** A uuid as the 26 base32 digits of its public form. */
export function base32Of(uuid: string): string {
  const a = (hexAt(uuid, 0) << 4) | hexAt(uuid, 1);
  const b = twentyBits(uuid, 2, 3, 4, 5, 6);
  const c = twentyBits(uuid, 7, 9, 10, 11, 12);
  const d = twentyBits(uuid, 14, 15, 16, 17, 19);
  const e = twentyBits(uuid, 20, 21, 22, 24, 25);
  const f = twentyBits(uuid, 26, 27, 28, 29, 30);
  const g = twentyBits(uuid, 31, 32, 33, 34, 35);
  // prettier-ignore
  return String.fromCharCode(
    digit(a, 5), digit(a, 0),
    digit(b, 15), digit(b, 10), digit(b, 5), digit(b, 0),
    digit(c, 15), digit(c, 10), digit(c, 5), digit(c, 0),
    digit(d, 15), digit(d, 10), digit(d, 5), digit(d, 0),
    digit(e, 15), digit(e, 10), digit(e, 5), digit(e, 0),
    digit(f, 15), digit(f, 10), digit(f, 5), digit(f, 0),
    digit(g, 15), digit(g, 10), digit(g, 5), digit(g, 0),
  );
}

function twentyBits(uuid: string, a: number, b: number, c: number, d: number, e: number): number {
  return (
    (hexAt(uuid, a) << 16) | (hexAt(uuid, b) << 12) | (hexAt(uuid, c) << 8) | (hexAt(uuid, d) << 4) | hexAt(uuid, e)
  );
}

function hexAt(uuid: string, at: number): number {
  return hexValues[uuid.charCodeAt(at)] as number;
}

function digit(bits: number, shift: number): number {
  return digitCodes[(bits >> shift) & 31] as number;
}

/**
 * Reads the public form of one kind; anything else does not exist.
 * @throws PlenumError `not_found`, the same for a malformed, a foreign and an unknown id (SCIM-014, GQL-13).
 */
export function parseId<K extends IdKind>(kind: K, text: string): Id<K> {
  const parsed = readId(text);
  if (parsed?.kind !== kind) throw new PlenumError("not_found", `no such ${kind}`, {});
  return parsed.id as Id<K>;
}

/** The kind and uuid behind a public id, or nothing where the text is none. */
export function readId(text: string): { kind: IdKind; id: Id<IdKind> } | undefined {
  const cut = text.length - 27;
  const kind = text[cut] === "_" ? kindOfPrefix.get(text.slice(0, cut)) : undefined;
  const id = kind && uuidOf(text.slice(cut + 1));
  return kind && id !== undefined ? { kind, id: id as Id<IdKind> } : undefined;
}

/** Believes a uuid that comes from our own rows, never from input. */
export function isUuid(text: string): boolean {
  return uuidShape.test(text);
}
