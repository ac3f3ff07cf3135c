import { Column, Entity, PrimaryColumn } from "typeorm";
import type { ConnectionId, OAuthClientId, OrgId, ScimTokenId } from "../../kernel/ids";

/** One row of `scim_token`, for the administration's lists. */
@Entity({ name: "scim_token" })
export class ScimTokenEntity {
  @PrimaryColumn({ name: "org_id", type: "uuid" })
  orgId!: OrgId;

  @PrimaryColumn({ type: "uuid" })
  id!: ScimTokenId;

  @Column({ name: "connection_id", type: "uuid" })
  connectionId!: ConnectionId;

  @Column({ type: "text" })
  name!: string;

  @Column({ type: "text" })
  kind!: "STATIC" | "OAUTH";

  @Column({ name: "secret_hash", type: "bytea", select: false })
  secretHash!: Buffer;

  @Column({ type: "jsonb" })
  scopes!: readonly string[];

  @Column({ name: "ip_allow", type: "jsonb" })
  ipAllow!: readonly string[];

  /** The client that was given it; null for tokens made by hand. */
  @Column({ name: "client_id", type: "uuid", nullable: true })
  clientId!: OAuthClientId | null;

  @Column({ name: "expires_at", type: "timestamptz", precision: 3, nullable: true })
  expiresAt!: Date | null;

  @Column({ name: "last_used_at", type: "timestamptz", precision: 3, nullable: true })
  lastUsedAt!: Date | null;

  @Column({ name: "revoked_at", type: "timestamptz", precision: 3, nullable: true })
  revokedAt!: Date | null;

  @Column({ name: "created_at", type: "timestamptz", precision: 3 })
  createdAt!: Date;
}
