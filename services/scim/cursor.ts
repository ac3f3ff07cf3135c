import { createCipheriv, createDecipheriv, createHash, randomBytes } from "node:crypto";
import { limits } from "./limits";
import { ScimRefusal } from "./refusal";

/** Where a walk stands: behind (or before) the row with this sort value and id. */
export interface Position {
  readonly direction: "next" | "previous";
  /** The value by which the row is ordered; null when it has none. */
  readonly value: string | number | boolean | null;
  readonly id: string;
}

/** What a cursor is bound to: the same list of the same organization, asked in the same way. */
export interface CursorContext {
  readonly key: Buffer;
  readonly orgId: string;
  readonly connectionId: string;
  /** Digest of filter, sort and attributes: `queryDigest`. */
  readonly query: string;
  /** As the request names it, if it does: a walk keeps the count that it began with. */
  readonly count: number | undefined;
  readonly now: Date;
}

interface Sealed {
  readonly o: string;
  readonly c: string;
  readonly q: string;
  readonly n: number;
  readonly t: number;
  readonly p: Position;
}

/** A digest of everything that makes a query another query. */
export function queryDigest(...parts: readonly unknown[]): string {
  return createHash("sha256").update(JSON.stringify(parts)).digest("base64url").slice(0, 22);
}

/**
 * A cursor that a client can neither read nor forge (SCIM-133): AES-256-GCM, base64url, so that it holds unreserved
 * characters only.
 */
export function sealCursor(
  position: Position,
  { key, orgId, connectionId, query, count, now }: CursorContext & { readonly count: number },
): string {
  const sealed: Sealed = { o: orgId, c: connectionId, q: query, n: count, t: now.getTime(), p: position };
  const nonce = randomBytes(12);
  const cipher = createCipheriv("aes-256-gcm", key, nonce);
  const body = Buffer.concat([cipher.update(JSON.stringify(sealed), "utf8"), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), body]).toString("base64url");
}

/** @throws ScimRefusal `invalidCursor`, `expiredCursor` or `invalidCount` (RFC 9865 §5). */
export function openCursor(text: string, context: CursorContext): { position: Position; count: number } {
  const sealed = decrypt(text, context.key);
  if (!sealed || sealed.o !== context.orgId || sealed.c !== context.connectionId) {
    throw new ScimRefusal(400, "invalidCursor", "the cursor is not one of this list");
  }
  if (sealed.q !== context.query) {
    throw new ScimRefusal(400, "invalidCursor", "the cursor belongs to another filter, order or selection");
  }
  if (context.now.getTime() - sealed.t > limits.cursorSeconds * 1_000) {
    throw new ScimRefusal(
      400,
      "expiredCursor",
      `the cursor is older than ${limits.cursorSeconds} seconds; begin again`,
    );
  }
  if (context.count !== undefined && sealed.n !== context.count) {
    throw new ScimRefusal(400, "invalidCount", `count is ${context.count}, but the walk began with ${sealed.n}`);
  }
  return { position: sealed.p, count: sealed.n };
}

function decrypt(text: string, key: Buffer): Sealed | undefined {
  if (!/^[A-Za-z0-9_-]{40,4096}$/.test(text)) return undefined;
  const bytes = Buffer.from(text, "base64url");
  try {
    const decipher = createDecipheriv("aes-256-gcm", key, bytes.subarray(0, 12), { authTagLength: 16 });
    decipher.setAuthTag(bytes.subarray(12, 28));
    const body = Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]);
    return JSON.parse(body.toString("utf8")) as Sealed;
  } catch {
    return undefined;
  }
}
