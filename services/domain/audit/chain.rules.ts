import { createHash } from "node:crypto";
import { canonical } from "../../platform/outbox";
import type { AuditEntry, HeadStatement } from "./entry";

/** What the first entry of a chain follows. */
export const genesis: Buffer = Buffer.alloc(32);

/** `SHA-256(previous hash ‖ canonical JSON of the entry in its place)` (SEC-51). */
export function hashEntry(orgId: string, seq: string, entry: AuditEntry, prevHash: Buffer): Buffer {
  return createHash("sha256")
    .update(prevHash)
    .update(canonicalEntry(orgId, seq, entry))
    .digest();
}

// Each column stands here: one that does not could be edited unseen.
function canonicalEntry(orgId: string, seq: string, e: AuditEntry): string {
  const { id, callerKind, actorId, actor, action, targetKind, targetId, result, facts, requestId } = e;
  const at = e.at.toISOString();
  const personalDigest = e.personalDigest?.toString("hex") ?? null;
  const body = { id, at, callerKind, actorId, actor, action, targetKind, targetId, result, facts, requestId };
  return canonical({ orgId, seq, ...body, personalDigest });
}

/** The bytes that the signature of a head covers. */
export function headBytes(head: HeadStatement): Buffer {
  const { orgId, seq, feedSeq } = head;
  const statement = { orgId, seq, hash: head.hash.toString("hex"), feedSeq, sealedAt: head.sealedAt.toISOString() };
  return Buffer.from(`plenum audit head ${canonical(statement)}`, "utf8");
}
