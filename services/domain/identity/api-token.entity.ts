import { Column, Entity, PrimaryColumn } from "typeorm";
import type { MemberId, OrgId, TokenId } from "../../kernel/ids";
import type { Role } from "../../platform/caller";

/** One row of `api_token`, for the administration's lists; checking a token is a statement of its own. */
@Entity({ name: "api_token" })
export class ApiTokenEntity {
  @PrimaryColumn({ name: "org_id", type: "uuid" })
  orgId!: OrgId;

  @PrimaryColumn({ type: "uuid" })
  id!: TokenId;

  @Column({ type: "text" })
  name!: string;

  @Column({ name: "secret_hash", type: "bytea", select: false })
  secretHash!: Buffer;

  @Column({ name: "member_id", type: "uuid", nullable: true })
  memberId!: MemberId | null;

  @Column({ type: "text" })
  role!: Role;

  @Column({ type: "jsonb" })
  scopes!: readonly string[];

  @Column({ name: "expires_at", type: "timestamptz", precision: 3 })
  expiresAt!: Date;

  @Column({ name: "last_used_at", type: "timestamptz", precision: 3, nullable: true })
  lastUsedAt!: Date | null;

  @Column({ name: "revoked_at", type: "timestamptz", precision: 3, nullable: true })
  revokedAt!: Date | null;

  @Column({ name: "created_at", type: "timestamptz", precision: 3 })
  createdAt!: Date;
}
