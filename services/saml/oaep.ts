import { createHash, timingSafeEqual } from "node:crypto";

export type OaepHash = "sha1" | "sha256";

/**
 * EME-OAEP decoding (RFC 8017 §7.1.2 step 3) for the one pairing that `node:crypto` cannot do: a SHA-256 digest with
 * a mask generator on SHA-1, which rsa-oaep-mgf1p with a stronger digest means. All conditions are gathered before
 * any is acted on, so that the time does not tell which one failed (Manger 2001).
 */
export function oaepDecode(
  encoded: Buffer,
  by: { readonly hash: OaepHash; readonly mask: OaepHash },
): Buffer | undefined {
  const emptyLabel = createHash(by.hash).digest();
  const size = emptyLabel.length;
  if (encoded.length < 2 * size + 2) return undefined;
  const maskedSeed = encoded.subarray(1, 1 + size);
  const maskedBlock = encoded.subarray(1 + size);
  const seed = xor(maskedSeed, maskOf(maskedBlock, size, by.mask));
  const block = xor(maskedBlock, maskOf(seed, maskedBlock.length, by.mask));

  let bad = encoded[0] ?? 1;
  bad |= timingSafeEqual(block.subarray(0, size), emptyLabel) ? 0 : 1;
  let start = 0;
  let searching = 1;
  for (let i = size; i < block.length; i++) {
    const octet = block[i] ?? 0;
    const isOne = Number(octet === 1);
    start = searching & isOne ? i + 1 : start;
    bad |= searching & Number(octet > 1);
    searching &= 1 - isOne;
  }
  return bad === 0 && searching === 0 ? block.subarray(start) : undefined;
}

function maskOf(seed: Buffer, length: number, hash: OaepHash): Buffer {
  const parts: Buffer[] = [];
  for (let counter = 0, made = 0; made < length; counter++) {
    const number = Buffer.alloc(4);
    number.writeUInt32BE(counter);
    const part = createHash(hash).update(seed).update(number).digest();
    parts.push(part);
    made += part.length;
  }
  return Buffer.concat(parts).subarray(0, length);
}

function xor(a: Buffer, b: Buffer): Buffer {
  return Buffer.from(a.map((octet, i) => octet ^ (b[i] ?? 0)));
}
