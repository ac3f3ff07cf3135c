import { Column, Entity, PrimaryColumn } from "typeorm";
import type { ConnectionId, DomainId, OrgId } from "../../kernel/ids";

/** One row of `verified_domain`. */
@Entity({ name: "verified_domain" })
export class VerifiedDomainEntity {
  @PrimaryColumn({ name: "org_id", type: "uuid" })
  orgId!: OrgId;

  @PrimaryColumn({ type: "uuid" })
  id!: DomainId;

  @Column({ type: "text" })
  domain!: string;

  @Column({ type: "text", select: false })
  proof!: string;

  @Column({ type: "text" })
  status!: "PENDING" | "VERIFIED" | "LAPSED";

  @Column({ name: "verified_by", type: "text", nullable: true })
  verifiedBy!: "DNS" | "OPERATOR" | null;

  @Column({ name: "verified_at", type: "timestamptz", precision: 3, nullable: true })
  verifiedAt!: Date | null;

  @Column({ name: "checked_at", type: "timestamptz", precision: 3, nullable: true })
  checkedAt!: Date | null;

  @Column({ name: "lapsed_at", type: "timestamptz", precision: 3, nullable: true })
  lapsedAt!: Date | null;

  @Column({ type: "integer" })
  failures!: number;

  @Column({ type: "boolean" })
  subdomains!: boolean;

  @Column({ name: "connection_id", type: "uuid", nullable: true })
  connectionId!: ConnectionId | null;

  @Column({ name: "created_at", type: "timestamptz", precision: 3 })
  createdAt!: Date;
}
