import type { OrgId } from "../../kernel/ids";
import type { Facts } from "../../kernel/errors";

/** One line of the audit log, as it is stored (SEC-50). */
export interface AuditEntry {
  readonly id: string;
  readonly at: Date;
  readonly callerKind: string;
  readonly actorId: string | null;
  /** Kind, id and where the request came from. */
  readonly actor: Facts;
  readonly action: string;
  readonly targetKind: string | null;
  readonly targetId: string | null;
  readonly result: "DONE" | "DENIED";
  readonly facts: Facts;
  /** Salted digest of the personal values, which stand apart and may be erased (ruling d7). */
  readonly personalDigest: Buffer | null;
  readonly requestId: string;
}

/** An entry in its place in the chain. */
export interface SealedEntry extends AuditEntry {
  /** int8, so text. */
  readonly seq: string;
  readonly prevHash: Buffer;
  readonly hash: Buffer;
}

/** The sealed tip of an organization's chain. */
export interface AuditHead {
  readonly seq: string;
  readonly hash: Buffer;
  /** The last number of the change feed. */
  readonly feedSeq: string;
  readonly sealedAt: Date;
  readonly signature: Buffer;
}

/** What a signature covers: the tip and whose it is. */
export interface HeadStatement {
  readonly orgId: OrgId;
  readonly seq: string;
  readonly hash: Buffer;
  readonly feedSeq: string;
  readonly sealedAt: Date;
}
