import { alg, login, trusted, type Scene } from "../saml-kit";
import { refused, under, type Attack } from "./attack";
import { weakKeys } from "./weak-keys";

const sha1Until = new Date("2026-05-01T00:00:00Z");
const withSha1 = (scene: Scene) => login(scene, { algorithm: alg.rsaSha1, digest: alg.sha1 });

/** Algorithms and keys that were good once. */
export const weakCrypto: readonly Attack[] = [
  {
    id: "SAML-A43",
    what: "weak algorithms and keys",
    good: (scene) => login(scene),
    variants: {
      "RSA-SHA1": refused("signature_algorithm", (scene) => login(scene, { algorithm: alg.rsaSha1 })),
      "SHA-1 digest": refused("digest_algorithm", (scene) => login(scene, { digest: alg.sha1 })),
      "both, after the exception has run out": refused(
        "signature_algorithm",
        withSha1,
        under({ sha1Until: new Date("2026-03-02T09:00:00Z") }),
      ),
      "RSA-1024": refused(
        "certificate_weak",
        (scene) => login(scene, { keys: weakKeys.rsa1024 }),
        under({ certificates: [trusted(weakKeys.rsa1024)] }),
      ),
      "expired certificate under `enforce`": refused(
        "certificate_expired",
        (scene) => login(scene, { keys: weakKeys.expired }),
        under({ certificates: [trusted(weakKeys.expired)], expiredCertificates: "enforce" }),
      ),
    },
  },
  {
    id: "SAML-A43",
    what: "SHA-1 is taken only while the exception runs",
    good: withSha1,
    trust: () => ({ sha1Until }),
    variants: {
      MD5: refused("signature_algorithm", (scene) =>
        login(scene).replace(alg.rsaSha256, "http://www.w3.org/2001/04/xmldsig-more#rsa-md5"),
      ),
      DSA: refused("signature_algorithm", (scene) =>
        login(scene).replace(alg.rsaSha256, "http://www.w3.org/2000/09/xmldsig#dsa-sha1"),
      ),
    },
  },
];
