import { createPrivateKey, createPublicKey, hkdfSync, sign, verify, type KeyObject } from "node:crypto";
import { headBytes } from "./chain.rules";
import type { HeadStatement } from "./entry";

/**
 * Signs the tips of the chains with a key that is not in the database: who can write every row still cannot sign a head,
 * so neither a rewritten chain nor a cut tail passes (SEC-51).
 */
export interface HeadSigner {
  sign(head: HeadStatement): Buffer;
  /** Whether one of the known keys signed it; older ones too, so that a changed secret key does not look like an attack. */
  verify(head: HeadStatement, signature: Buffer): boolean;
}

const keyIdBytes = 6;
// RFC 8410: the DER in front of the 32 bytes of an Ed25519 private key.
const pkcs8Prefix = Buffer.from("302e020100300506032b657004220420", "hex");

interface SigningKey {
  readonly id: Buffer;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

/** The signer of `PLENUM_SECRET_KEY`; the one before it verifies only. */
export function headSigner(secret: string, previous?: string): HeadSigner {
  const current = keyOf(secret);
  const known = previous === undefined ? [current] : [current, keyOf(previous)];
  return {
    // The key's id stands in front, so that a change of the secret key can be told from a forgery.
    sign: (head) => Buffer.concat([current.id, sign(null, headBytes(head), current.privateKey)]),
    verify(head, signature) {
      const key = known.find(({ id }) => id.equals(signature.subarray(0, keyIdBytes)));
      return key !== undefined && verify(null, headBytes(head), key.publicKey, signature.subarray(keyIdBytes));
    },
  };
}

function keyOf(secret: string): SigningKey {
  const derive = (info: string, bytes: number) => Buffer.from(hkdfSync("sha256", secret, "plenum", info, bytes));
  const der = Buffer.concat([pkcs8Prefix, derive("audit-head-key", 32)]);
  const privateKey = createPrivateKey({ key: der, format: "der", type: "pkcs8" });
  return { id: derive("audit-head-id", keyIdBytes), privateKey, publicKey: createPublicKey(privateKey) };
}
