import { dayMs, plusMs } from "../../kernel/clock";
import { newId, publicId, type ConnectionId } from "../../kernel/ids";
import type { Tx } from "../../platform/unit-of-work";
import { keyPlace } from "./saml-connection";
import { insertSpKey } from "./saml-connections.store";
import { selfSigned, type FreshKeys } from "./self-signed";

/** Three years: long enough that nobody has to act, short enough that somebody does (SAML-15). */
const validDays = 3 * 365;

/** Stores a pair as a connection's own key under a certificate; the private half is sealed before it is stored. */
export async function storeFirstKey(
  tx: Tx,
  connectionId: ConnectionId,
  use: "SIGNING" | "ENCRYPTION",
  keys: FreshKeys,
): Promise<void> {
  const validTo = plusMs(tx.now, validDays * dayMs);
  const name = `Plenum ${publicId("connection", connectionId)}`;
  const key = await selfSigned(name, { from: tx.now, until: validTo }, keys);
  const id = newId("certificate");
  const privateKeySealed = await tx.instance.keyring.seal(tx, keyPlace(id), key.privateKeyPem);
  await insertSpKey(tx, { id, connectionId, use, certificate: key.certificatePem, privateKeySealed, validTo });
  tx.audit({
    action: "sp_key.make",
    target: { kind: "connection", id: connectionId },
    facts: { use, sha256: key.sha256 },
  });
}
