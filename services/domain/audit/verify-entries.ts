import type { Tx } from "../../platform/unit-of-work";
import { personalDigest } from "../../platform/outbox";
import { useCase } from "../access";
import { genesis, hashEntry } from "./chain.rules";
import { countEntries, findAuditHead, findPersonalValues, findSealedAfter, type PersonalValues } from "./chain.store";
import type { AuditHead, SealedEntry } from "./entry";
import type { HeadSigner } from "./head-signer";

/** What is wrong with a chain, and where it shows first. */
export interface Break {
  readonly reason:
    | "entry_changed"
    | "entry_missing"
    | "entry_added"
    | "personal_values_changed"
    | "tail_missing"
    | "chain_rewritten"
    | "head_missing"
    | "head_forged"
    | "anchor_missed";
  /** The first place that does not hold; null where it is the head. */
  readonly seq: string | null;
  readonly entryId: string | null;
}

export interface Verification {
  readonly ok: boolean;
  /** Sealed entries that were checked. */
  readonly entries: number;
  /** Entries that wait for the sealer. */
  readonly unsealed: number;
  readonly head: { readonly seq: string; readonly hash: string; readonly sealedAt: Date } | null;
  readonly broken: Break | null;
}

/** A tip that was noted elsewhere: a chain that was cut and signed anew with a stolen key does not pass it. */
export interface Anchor {
  readonly seq: string;
  readonly hash: string;
}

/** The tip to note elsewhere, e.g. in the log of the process; nothing where nothing is sealed yet. */
export async function auditTip(tx: Tx): Promise<Anchor | undefined> {
  const head = await findAuditHead(tx);
  return head && { seq: head.seq, hash: head.hash.toString("hex") };
}

const page = 1000;

/**
 * Reads the whole chain and reports the first row that does not hold: edited, deleted, added, moved or cut off (SEC-51).
 * Erased personal values are no break, changed ones are (SEC-53).
 */
export const verifyEntries = useCase(
  "audit:read",
  async (tx: Tx, { signer, anchor }: { signer: HeadSigner; anchor?: Anchor }): Promise<Verification> => {
    const head = await findAuditHead(tx);
    const { sealed, unsealed } = await countEntries(tx);
    const walked = await walk(tx, anchor);
    const broken = walked.broken ?? brokenHead(tx, signer, head, walked) ?? unreached(walked, sealed);
    const shown = head ? { seq: head.seq, hash: head.hash.toString("hex"), sealedAt: head.sealedAt } : null;
    return { ok: broken === null, entries: walked.count, unsealed, head: shown, broken };
  },
  "verifyEntries",
);

interface Walked {
  readonly count: number;
  readonly hash: Buffer;
  readonly broken: Break | null;
}

async function walk(tx: Tx, anchor: Anchor | undefined): Promise<Walked> {
  let hash: Buffer = genesis;
  let count = 0;
  for (let last = "0"; ;) {
    const entries = await findSealedAfter(tx, last, page);
    const personal = await personalOf(tx, entries);
    for (const entry of entries) {
      const broken = brokenEntry(tx.orgId, entry, { seq: BigInt(count) + 1n, hash }, personal.get(entry.id), anchor);
      if (broken) return { count, hash, broken };
      ({ hash } = entry);
      count++;
    }
    const final = entries.at(-1);
    if (!final || entries.length < page) break;
    last = final.seq;
  }
  const missed = anchor !== undefined && BigInt(anchor.seq) > BigInt(count);
  return { count, hash, broken: missed ? { reason: "anchor_missed", seq: anchor.seq, entryId: null } : null };
}

async function personalOf(tx: Tx, entries: readonly SealedEntry[]): Promise<Map<string, PersonalValues>> {
  const ids = entries.filter((entry) => entry.personalDigest !== null).map((entry) => entry.id);
  const values = ids.length === 0 ? [] : await findPersonalValues(tx, ids);
  return new Map(values.map((value) => [value.entryId, value]));
}

function brokenEntry(
  orgId: string,
  entry: SealedEntry,
  expected: { seq: bigint; hash: Buffer },
  personal: PersonalValues | undefined,
  anchor: Anchor | undefined,
): Break | null {
  const seq = BigInt(entry.seq);
  const at = (reason: Break["reason"], place = entry.seq): Break => ({ reason, seq: place, entryId: entry.id });
  if (seq > expected.seq) return { reason: "entry_missing", seq: String(expected.seq), entryId: null };
  if (seq < expected.seq) return at("entry_added");
  if (!entry.prevHash.equals(expected.hash)) return at("entry_changed");
  if (!entry.hash.equals(hashEntry(orgId, entry.seq, entry, expected.hash))) return at("entry_changed");
  if (personal && !holds(entry, personal)) return at("personal_values_changed");
  if (anchor?.seq === entry.seq && anchor.hash !== entry.hash.toString("hex")) return at("anchor_missed");
  return null;
}

function holds(entry: SealedEntry, { salt, before, after }: PersonalValues): boolean {
  return personalDigest(salt.toString("hex"), before, after) === entry.personalDigest?.toString("hex");
}

function brokenHead(tx: Tx, signer: HeadSigner, head: AuditHead | undefined, walked: Walked): Break | null {
  const atHead = (reason: Break["reason"]): Break => ({ reason, seq: null, entryId: null });
  if (!head) return walked.count === 0 ? null : atHead("head_missing");
  if (!signer.verify({ orgId: tx.orgId, ...head }, head.signature)) return atHead("head_forged");
  const count = BigInt(walked.count);
  if (count < BigInt(head.seq)) return { reason: "tail_missing", seq: String(count + 1n), entryId: null };
  if (count > BigInt(head.seq)) {
    return { reason: "entry_added", seq: String(BigInt(head.seq) + 1n), entryId: null };
  }
  // Every link fits and the end does not: somebody computed the chain anew and could not sign it.
  return walked.hash.equals(head.hash) ? null : atHead("chain_rewritten");
}

// A row whose place lies outside of 1 … n, or repeats one where a page ends, is on no walk.
function unreached(walked: Walked, sealed: number): Break | null {
  return walked.count === sealed ? null : { reason: "entry_added", seq: null, entryId: null };
}
