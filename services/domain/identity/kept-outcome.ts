import { createHash } from "node:crypto";
import { instant } from "../../kernel/clock";
import type { Tx } from "../../platform/unit-of-work";
import type { AssertionFacts } from "./assertion-facts";

/** What is kept between the consumer service and completion, sealed. */
export interface KeptOutcome {
  readonly facts: AssertionFacts;
  readonly relayState: string | null;
}

/** What is stored of a one-time code. */
export function hashOfCode(code: string): Buffer {
  return createHash("sha256").update(code).digest();
}

/** Seals an outcome for the row that its code names. */
export async function sealOutcome(tx: Tx, codeHash: Buffer, kept: KeptOutcome): Promise<Buffer> {
  return tx.instance.keyring.seal(tx, placeOf(codeHash), JSON.stringify(kept));
}

/** The outcome again, its dates revived: JSON has none. */
export async function openOutcome(tx: Tx, codeHash: Buffer, sealed: Buffer): Promise<KeptOutcome> {
  const text = (await tx.instance.keyring.open(tx, placeOf(codeHash), sealed)).toString("utf8");
  const { facts, relayState } = JSON.parse(text) as KeptOutcome;
  const end = facts.sessionNotOnOrAfter;
  const dated = {
    issuedAt: instant(String(facts.issuedAt)),
    authnInstant: instant(String(facts.authnInstant)),
    replayableUntil: instant(String(facts.replayableUntil)),
    sessionNotOnOrAfter: end === null ? null : instant(String(end)),
  };
  return { relayState, facts: { ...facts, ...dated } };
}

function placeOf(codeHash: Buffer) {
  return { table: "sso_outcome", column: "facts_enc", rowId: codeHash.toString("hex") };
}
