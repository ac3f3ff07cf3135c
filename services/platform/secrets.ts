import { createHash, randomBytes } from "node:crypto";
import { base32Of, uuidOf, type OrgId } from "../kernel/ids";

/**
 * Prefixes of decision 27, so that secret scanners and people recognise a leaked one. A secret reads
 * `prefix_org_secret_check`: the organization is an address only, the SHA-256 must be found inside that tenant.
 */
export const secretPrefixes = {
  api: "plm",
  scim: "plmscim",
  client: "plmcs",
  invitation: "plminv",
  session: "plmses",
  signIn: "plmlink",
} as const;
export type SecretKind = keyof typeof secretPrefixes;

const kindOfPrefix = new Map(
  (Object.keys(secretPrefixes) as SecretKind[]).map((kind) => [secretPrefixes[kind] as string, kind]),
);
const alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const shape = /^(plm|plmscim|plmcs|plminv|plmses|plmlink)_([0-9a-hjkmnp-tv-z]{26})_([0-9A-Za-z]{43})_([0-9A-Za-z]{6})$/;

export interface MintedSecret {
  /** Shown once, never stored. */
  readonly text: string;
  readonly hash: Buffer;
}

export interface ReadSecret {
  readonly kind: SecretKind;
  readonly orgId: OrgId;
  readonly hash: Buffer;
}

/** A fresh secret of 256 random bits for one organization. */
export function mintSecret(kind: SecretKind, orgId: OrgId): MintedSecret {
  const body = `${secretPrefixes[kind]}_${base32Of(orgId)}_${base62(randomBytes(32), 43)}`;
  const text = `${body}_${check(body)}`;
  return { text, hash: hashSecret(text) };
}

/** What a presented text says about itself, or nothing where it is no secret of ours; a bad checksum needs no query. */
export function readSecret(text: string): ReadSecret | undefined {
  const match = text.length <= 128 ? shape.exec(text) : null;
  if (!match) return undefined;
  const [, prefix, address, , sum] = match as unknown as [string, string, string, string, string];
  if (check(text.slice(0, -7)) !== sum) return undefined;
  const orgId = uuidOf(address);
  const kind = kindOfPrefix.get(prefix);
  return kind && orgId !== undefined ? { kind, orgId: orgId as OrgId, hash: hashSecret(text) } : undefined;
}

/** What is stored of a secret. Plain SHA-256 suffices for 256 random bits. */
export function hashSecret(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}

function check(body: string): string {
  let rest = createHash("sha256").update(`plenum-check${body}`).digest().readUInt32BE();
  let text = "";
  for (let i = 0; i < 6; i++, rest = Math.floor(rest / 62)) text = (alphabet[rest % 62] as string) + text;
  return text;
}

function base62(bytes: Buffer, width: number): string {
  let rest = BigInt(`0x${bytes.toString("hex")}`);
  let text = "";
  for (let i = 0; i < width; i++) {
    text = (alphabet[Number(rest % 62n)] as string) + text;
    rest /= 62n;
  }
  return text;
}
