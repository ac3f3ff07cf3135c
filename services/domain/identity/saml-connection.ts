import { X509Certificate } from "node:crypto";
import type { ConnectionId } from "../../kernel/ids";
import { instant } from "../../kernel/clock";
import type { Tx } from "../../platform/unit-of-work";
import type { Provisioning, SamlState } from "./connections.store";
import type { AttributeMapping } from "./read-person";
import type { Binding, SamlOptions } from "./saml-settings";
import { findSamlRow, type SamlRow } from "./saml-connections.store";
import { samlUrls, type SamlUrls } from "./saml-urls";

/** A key of ours, opened. */
export interface SpKey {
  readonly use: "SIGNING" | "ENCRYPTION";
  readonly status: "NEXT" | "PUBLISHED" | "ACTIVE";
  readonly sha256: string;
  readonly certificatePem: string;
  readonly privateKeyPem: string;
  readonly validTo: Date;
}

/** One SAML trust with all that verifying and asking needs; a snapshot that `version` identifies. */
export interface SamlConnection {
  readonly id: ConnectionId;
  readonly version: string;
  readonly samlState: SamlState;
  readonly urls: SamlUrls;
  /** As which service provider we appear; an override is unique in the installation (SAML-02). */
  readonly spEntityId: string;
  readonly idpEntityId: string | null;
  readonly ssoUrl: string | null;
  readonly ssoBinding: Binding;
  readonly sloUrl: string | null;
  readonly sloBinding: Binding | null;
  readonly certificates: readonly { readonly sha256: string; readonly pem: string; readonly notAfter: Date }[];
  readonly keys: readonly SpKey[];
  readonly signRequests: boolean;
  readonly signaturePolicy: "either" | "assertion" | "response" | "both";
  readonly requireEncryption: boolean;
  readonly skewSeconds: number;
  readonly idpInitiated: "off" | "restart" | "accept";
  readonly provisioning: Provisioning;
  readonly mapping: AttributeMapping;
  /** The most that an identity provider may make of anybody. */
  readonly roleCeiling: "ADMIN" | "MEMBER";
  readonly options: SamlOptions;
  readonly organizationActive: boolean;
  readonly entitled: boolean;
  readonly createdAt: Date;
}

/** The connection with its live certificates and its keys, or nothing for an unknown or deleted one. */
export async function findSamlConnection(tx: Tx, id: ConnectionId): Promise<SamlConnection | undefined> {
  const row = await findSamlRow(tx, id);
  if (!row) return undefined;
  const urls = samlUrls(tx, id);
  const { certificates, keys, organizationStatus, spEntityId, ...settings } = row;
  return {
    ...settings,
    urls,
    spEntityId: spEntityId ?? urls.entityId,
    ssoBinding: row.ssoBinding ?? "REDIRECT",
    certificates: certificates.map((c) => ({ ...c, notAfter: instant(c.notAfter) })),
    keys: await openKeys(tx, keys),
    organizationActive: organizationStatus === "ACTIVE",
  };
}

async function openKeys(tx: Tx, rows: SamlRow["keys"]): Promise<SpKey[]> {
  const keys: SpKey[] = [];
  for (const { id, use, status, certificate, privateKey, validTo } of rows) {
    const sealed = Buffer.from(privateKey, "base64");
    const opened = await tx.instance.keyring.open(tx, keyPlace(id), sealed);
    const { fingerprint256 } = new X509Certificate(certificate);
    keys.push({
      sha256: fingerprint256.replaceAll(":", "").toLowerCase(),
      use,
      status,
      certificatePem: certificate,
      privateKeyPem: opened.toString("utf8"),
      validTo: instant(validTo),
    });
  }
  return keys;
}

/** Where the private half of a key is sealed for. */
export function keyPlace(id: string) {
  return { table: "sp_key", column: "private_key_enc", rowId: id };
}
