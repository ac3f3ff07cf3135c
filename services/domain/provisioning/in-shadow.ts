import type { OrgId, PreviewId } from "../../kernel/ids";
import type { Database, Tx } from "../../platform/unit-of-work";
import { systemOf } from "../access";

/** Runs work in the copy of a preview, where nothing is announced. */
export async function inShadow<T>(
  db: Database,
  { id, orgId }: { readonly id: PreviewId; readonly orgId: OrgId },
  work: (tx: Tx) => Promise<T>,
): Promise<T> {
  const copy = id as string as OrgId;
  return db.run(systemOf(copy, `preview-${id}`), work, { shadowOf: orgId });
}
