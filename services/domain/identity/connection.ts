import type { ConnectionId } from "../../kernel/ids";
import type { Provisioning, SamlState } from "./connections.store";
import type { AttributeMapping } from "./read-person";
import type { Binding, SamlOptions } from "./saml-settings";

/** What stands in `options` beside the verifier's own settings. */
export interface ConnectionOptions extends SamlOptions {
  /** Whether switching the connection off ends its sessions; yes unless said otherwise (SAML-12). */
  readonly endSessions?: boolean;
  /** Deleted for good: keys and certificates are gone. */
  readonly purged?: boolean;
}

/** An identity connection as its administrators see it: every setting, no private key. */
export interface Connection {
  readonly id: ConnectionId;
  readonly name: string;
  readonly samlState: SamlState;
  readonly scimState: "OFF" | "PREVIEW" | "ON" | "PAUSED";
  readonly preset: string;
  readonly idpEntityId: string | null;
  readonly ssoUrl: string | null;
  readonly ssoBinding: Binding | null;
  readonly sloUrl: string | null;
  readonly sloBinding: Binding | null;
  /** An entity id of our own that an older installation had; else the connection's address (SAML-02). */
  readonly spEntityId: string | null;
  readonly signRequests: boolean;
  readonly signaturePolicy: "either" | "assertion" | "response" | "both";
  readonly requireEncryption: boolean;
  readonly skewSeconds: number;
  readonly idpInitiated: "off" | "restart" | "accept";
  readonly provisioning: Provisioning;
  readonly mapping: AttributeMapping;
  readonly roleCeiling: "ADMIN" | "MEMBER";
  readonly options: ConnectionOptions;
  readonly metadataUrl: string | null;
  readonly metadataValidUntil: Date | null;
  readonly metadataMode: "ask" | "auto";
  readonly metadataCheckedAt: Date | null;
  readonly metadataFailures: number;
  readonly vouchedByOperator: boolean;
  readonly lastSeenAt: Date | null;
  readonly deletedAt: Date | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly version: string;
}
