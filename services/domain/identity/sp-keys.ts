import { dayMs, plusMs } from "../../kernel/clock";
import { newId, publicId, type ConnectionId } from "../../kernel/ids";
import type { Tx } from "../../platform/unit-of-work";
import { keyPlace } from "./saml-connection";
import { insertSpKey } from "./saml-connections.store";
import { selfSigned } from "./self-signed";

/** Three years: long enough that nobody has to act, short enough that somebody does (SAML-15). */
const validDays = 3 * 365;

/** Makes a key of our own for one connection; the private half is sealed before it is stored. */
export async function makeSpKey(tx: Tx, connectionId: ConnectionId, use: "SIGNING" | "ENCRYPTION"): Promise<void> {
  const validTo = plusMs(tx.now, validDays * dayMs);
  const name = `Plenum ${publicId("connection", connectionId)}`;
  const key = await selfSigned(name, { from: tx.now, until: validTo });
  const id = newId("certificate");
  const privateKeySealed = await tx.instance.keyring.seal(tx, keyPlace(id), key.privateKeyPem);
  await insertSpKey(tx, { id, connectionId, use, certificate: key.certificatePem, privateKeySealed, validTo });
  tx.audit({
    action: "sp_key.make",
    target: { kind: "connection", id: connectionId },
    facts: { use, sha256: key.sha256 },
  });
}
