import type { OrgId, PreviewId, ProvisioningEntryId } from "../../kernel/ids";
import type { Caller } from "../../platform/caller";
import type { Database, Tx } from "../../platform/unit-of-work";
import { findCopiedLine, linesOfCopy, unknownLines, type CopiedLine } from "./copied-lines.store";
import { openRequest } from "./kept-entry";
import { lockPreview, previewsWithCopy } from "./preview.store";
import { recordRequest } from "./record-request";
import { inShadow } from "./in-shadow";

interface Copy {
  readonly id: PreviewId;
  readonly orgId: OrgId;
}

/**
 * Takes over the lines that stand in the copy of a preview and not in the log: their process ended between the one and
 * the other, or the preview was closed under them. Whoever sent them has no answer, but has met since what they did, by
 * the ids that they gave: so they are part of what is done again, in their place (SCIM-197).
 */
export async function takeOverLines(db: Database, caller: Caller, copy: Copy): Promise<void> {
  for (let after: ProvisioningEntryId | null = null; ;) {
    const from: ProvisioningEntryId | null = after;
    const page: readonly ProvisioningEntryId[] = await inShadow(db, copy, (tx) => linesOfCopy(tx, from));
    const last = page.at(-1);
    if (last === undefined) return;
    for (const id of await db.run(caller, (tx) => unknownLines(tx, page))) {
      const line = await inShadow(db, copy, (tx) => openLine(tx, id));
      await db.run(caller, (tx) => takeOver(tx, copy.id, line));
    }
    after = last;
  }
}

interface OpenedLine {
  readonly line: CopiedLine;
  readonly request: unknown;
}

async function openLine(tx: Tx, id: ProvisioningEntryId): Promise<OpenedLine> {
  const line = await findCopiedLine(tx, id);
  return { line, request: await openRequest(tx, line) };
}

async function takeOver(tx: Tx, previewId: PreviewId, { line, request }: OpenedLine): Promise<void> {
  // The row decides between two workers; whoever comes second finds the line there.
  const preview = await lockPreview(tx, previewId);
  if (preview?.state !== "APPLYING" || (await unknownLines(tx, [line.id])).length === 0) return;
  const { sealed: _sealed, ...entry } = line;
  await recordRequest(tx, { ...entry, previewId, request, whole: true });
}

/**
 * Wraps the data keys of an organization's copies by the present master key: what their lines keep must open when they
 * are taken over (SEC-10). Answers how many there were.
 */
export async function rewrapCopies(db: Database, caller: Caller): Promise<number> {
  let count = 0;
  for (const id of await db.run(caller, previewsWithCopy)) {
    count += await inShadow(db, { id, orgId: caller.orgId }, (tx) => tx.instance.keyring.rotate(tx));
  }
  return count;
}
