import { assert } from "../../kernel/errors";
import type { Tx } from "../../platform/unit-of-work";
import { useCase } from "../access";
import { genesis, hashEntry } from "./chain.rules";
import { findUnsealed, lockAuditHead, numberDomainEvents, putAuditHead, writeSeals } from "./chain.store";
import type { AuditEntry, AuditHead, SealedEntry } from "./entry";
import type { HeadSigner } from "./head-signer";

export interface Sealed {
  readonly entries: number;
  readonly events: number;
  /** Whether a whole batch was taken, so that there may be more. */
  readonly more: boolean;
}

const batch = 1000;

/**
 * Chains what was appended since the last time, numbers the domain events in the same pass and signs the new tip: one
 * sealer per organization, so that no writer waits for a hot row (SEC-51, ruling a6). The order is that of sealing, so a
 * late commit takes its place at the end and no reader of the feed misses it.
 */
export const sealEntries = useCase(
  "operate",
  async (tx: Tx, { signer }: { signer: HeadSigner }): Promise<Sealed> => {
    const head = await lockAuditHead(tx);
    const from = head ?? { seq: "0", hash: genesis, feedSeq: "0" };
    const found = await findUnsealed(tx, batch);
    const chain = chainOf(tx.orgId, from, found);
    if (chain.length > 0) assert((await writeSeals(tx, chain)) === chain.length, "each entry was sealed once");
    const events = await numberDomainEvents(tx, from.feedSeq, batch);
    if (chain.length + events > 0) await putAuditHead(tx, tipOf(tx, signer, from, chain, events));
    return { entries: chain.length, events, more: found.length === batch || events === batch };
  },
  "sealEntries",
);

function chainOf(orgId: string, from: Pick<AuditHead, "seq" | "hash">, entries: readonly AuditEntry[]): SealedEntry[] {
  let prevHash = from.hash;
  return entries.map((entry, i) => {
    const seq = String(BigInt(from.seq) + BigInt(i) + 1n);
    const hash = hashEntry(orgId, seq, entry, prevHash);
    const sealed = { ...entry, seq, prevHash, hash };
    prevHash = hash;
    return sealed;
  });
}

function tipOf(
  tx: Tx,
  signer: HeadSigner,
  from: Pick<AuditHead, "seq" | "hash" | "feedSeq">,
  chain: readonly SealedEntry[],
  events: number,
): AuditHead {
  const { seq, hash } = chain.at(-1) ?? from;
  const feedSeq = String(BigInt(from.feedSeq) + BigInt(events));
  const tip = { seq, hash, feedSeq, sealedAt: tx.now };
  return { ...tip, signature: signer.sign({ orgId: tx.orgId, ...tip }) };
}
