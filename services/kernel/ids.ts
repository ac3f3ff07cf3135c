import { TypeID } from "typeid-js";
import { uuidv7 } from "uuidv7";
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
  eventTypeTemplate: "evtt",
  eventType: "evt",
  auditEntry: "aud",
  domainEvent: "dev",
  certificate: "crt",
  idpCertificate: "idpc",
  spKey: "spk",
  credential: "crd",
  testRun: "run",
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
export type TemplateId = Id<"eventTypeTemplate">;
export type EventTypeId = Id<"eventType">;
export type IdpCertificateId = Id<"idpCertificate">;
export type SpKeyId = Id<"spKey">;
export type CredentialId = Id<"credential">;

const kindOfPrefix = new Map<string, IdKind>(
  (Object.keys(idPrefixes) as IdKind[]).map((kind) => [idPrefixes[kind], kind]),
);
const uuidShape = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** A fresh id, ordered by time of creation (UUIDv7). */
export function newId<K extends IdKind>(_kind: K): Id<K> {
  return uuidv7() as Id<K>;
}

/** The public form: `mem_01h455vb4pex5vsknk084sn02q`. */
export function publicId<K extends IdKind>(kind: K, id: Id<K>): string {
  return `${idPrefixes[kind]}_${base32Of(id)}`;
}

/** The uuid behind 26 base32 digits, or nothing. */
export function uuidOf(text: string): string | undefined {
  try {
    return TypeID.fromString(`x_${text}`).toUUID();
  } catch {
    return undefined;
  }
}

const digits = "0123456789abcdefghjkmnpqrstvwxyz";

// The library's own encoder costs 2.8 µs; a page of 50 members shows 150 ids, which would be a third of its time.
// Checked against the library by a property test (test/kernel/ids.test.ts).
/** A uuid as the 26 base32 digits of its public form. */
export function base32Of(uuid: string): string {
  const hex = uuid.slice(0, 8) + uuid.slice(9, 13) + uuid.slice(14, 18) + uuid.slice(19, 23) + uuid.slice(24);
  // 128 bits are 26 digits of 5 bits with two zero bits in front: one digit of 3 bits, then five runs of 25 bits.
  let text = digits[parseInt(hex[0] as string, 16) >> 1] as string;
  let rest = parseInt(hex[0] as string, 16) & 1;
  let bits = 1;
  for (let i = 1; i < 32; i++) {
    rest = (rest << 4) | parseInt(hex[i] as string, 16);
    bits += 4;
    if (bits >= 5) {
      bits -= 5;
      text += digits[rest >> bits] as string;
      rest &= (1 << bits) - 1;
    }
  }
  return text;
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
  if (text.length > 40) return undefined;
  const cut = text.lastIndexOf("_");
  const kind = kindOfPrefix.get(text.slice(0, Math.max(cut, 0)));
  if (!kind) return undefined;
  try {
    const typeid = TypeID.fromString(text);
    return { kind, id: typeid.toUUID() as Id<IdKind> };
  } catch {
    return undefined;
  }
}

/** Believes a uuid that comes from our own rows, never from input. */
export function isUuid(text: string): boolean {
  return uuidShape.test(text);
}
