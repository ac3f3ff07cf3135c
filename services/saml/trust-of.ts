import type { SamlConnection } from "../domain/identity";
import { instant, secondMs } from "../kernel/clock";
import { trustDefaults, type Trust } from "./trust";

/** What the verifier has to believe and demand for a connection; nothing for one that knows no identity provider. */
export function trustOf(connection: SamlConnection): Trust | undefined {
  const { idpEntityId, options } = connection;
  if (idpEntityId === null) return undefined;
  return {
    idpEntityId,
    spEntityId: connection.spEntityId,
    acsUrl: connection.urls.acsUrl,
    certificates: connection.certificates,
    signaturePolicy: connection.signaturePolicy,
    skewMs: connection.skewSeconds * secondMs,
    expiredCertificates: options.expiredCertificates ?? trustDefaults.expiredCertificates,
    inclusiveC14n: options.inclusiveC14n ?? trustDefaults.inclusiveC14n,
    sha1Until: options.sha1Until === undefined ? trustDefaults.sha1Until : instant(options.sha1Until),
    destinationOptional: options.destinationOptional ?? trustDefaults.destinationOptional,
    decryptionKeys: connection.keys
      .filter((key) => key.use === "ENCRYPTION")
      .map(({ sha256, privateKeyPem }) => ({ sha256, privateKeyPem })),
    encryptionRequired: connection.requireEncryption,
    cbcUnsigned: options.cbcUnsigned ?? trustDefaults.cbcUnsigned,
    authnContexts: options.authnContexts ?? trustDefaults.authnContexts,
    maxAuthnAgeMs: options.maxAuthnAgeSeconds === undefined ? null : options.maxAuthnAgeSeconds * secondMs,
  };
}
