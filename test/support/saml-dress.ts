import { newId } from "../../services/kernel/ids";
import { keyPlace } from "../../services/domain/identity/saml-connection";
import { insertSpKey, replaceCertificates } from "../../services/domain/identity/saml-connections.store";
import type { Trust } from "../../services/saml/trust";
import type { SamlSite } from "./saml-door";
import { configure, execute } from "./saml-rows";
import { trusted, type KeyPair } from "./saml-kit";
import type { TestOrg } from "./world";

const everLive = { validFrom: new Date("2020-01-01T00:00:00Z"), subject: "CN=test", keyType: "rsa", keyBits: 2048 };

/**
 * Gives a connection the settings that a case of the pure verifier is tried under; what the case does not name becomes
 * the default again. Behind the back of the use cases, which would not take most of it.
 */
export async function dress(org: TestOrg, site: SamlSite, trust: Partial<Trust>, known: readonly KeyPair[]) {
  const { id } = site.connection;
  const certificates = new Map((trust.certificates ?? [trusted(site.keys)]).map((c) => [c.sha256, c]));
  await org.run(async (tx) => {
    await replaceCertificates(
      tx,
      id,
      [...certificates.values()].map(({ sha256, pem, notAfter }) => ({ ...everLive, sha256, pem, validTo: notAfter })),
    );
  }, org.operator);
  await execute(org, `delete from sp_key where org_id = $1 and use = 'ENCRYPTION'`);
  for (const key of trust.decryptionKeys ?? []) {
    const pair = known.find(({ sha256 }) => sha256 === key.sha256);
    if (!pair) throw new Error("a decryption key that the suite does not know");
    await org.run(async (tx) => {
      const keyId = newId("certificate");
      await insertSpKey(tx, {
        id: keyId,
        connectionId: id,
        use: "ENCRYPTION",
        certificate: pair.certificatePem,
        privateKeySealed: await tx.instance.keyring.seal(tx, keyPlace(keyId), pair.privateKeyPem),
        validTo: new Date("2036-01-01T00:00:00Z"),
      });
    }, org.operator);
  }
  await configure(org, id, {
    signature_policy: trust.signaturePolicy ?? "either",
    require_encryption: trust.encryptionRequired ?? false,
    skew_seconds: (trust.skewMs ?? 60_000) / 1_000,
    options: {
      ...(trust.expiredCertificates === "enforce" ? { expiredCertificates: "enforce" } : {}),
      ...(trust.inclusiveC14n ? { inclusiveC14n: true } : {}),
      ...(trust.sha1Until ? { sha1Until: trust.sha1Until.toISOString() } : {}),
      ...(trust.cbcUnsigned ? { cbcUnsigned: true } : {}),
      ...(trust.authnContexts ? { authnContexts: trust.authnContexts } : {}),
      ...(trust.maxAuthnAgeMs ? { maxAuthnAgeSeconds: trust.maxAuthnAgeMs / 1_000 } : {}),
    },
  });
}
