import type { ResourceType } from "./attributes/attribute";
import { openCursor, queryDigest, sealCursor, type CursorContext, type Position } from "./cursor";
import type { Page } from "./paging";
import type { Exchange } from "./request";

/** A walk through a list by cursors (RFC 9865): where it stands, and how the next place is sealed. */
export interface Walk {
  readonly position: Position | undefined;
  readonly count: number;
  readonly seal: (position: Position) => string;
}

/** What makes a list another list: its cursors are not good for this one (SCIM-133). */
const parts = ["filter", "sortby", "sortorder", "attributes", "excludedattributes"] as const;

/** Opens the cursor of a request, or begins a walk. @throws ScimRefusal `invalidCursor`, `expiredCursor`, `invalidCount`. */
export function readWalk(type: ResourceType, page: Page & { by: "cursor" }, exchange: Exchange): Walk {
  const { query, tx, by, cursorKey } = exchange;
  const context: CursorContext = {
    key: cursorKey,
    orgId: tx.orgId,
    connectionId: by.connectionId,
    query: queryDigest(type.name, ...parts.map((name) => query.get(name) ?? null)),
    count: page.countGiven ? page.count : undefined,
    now: tx.now,
  };
  const opened = page.cursor === undefined ? undefined : openCursor(page.cursor, context);
  const count = opened?.count ?? page.count;
  return { position: opened?.position, count, seal: (position) => sealCursor(position, { ...context, count }) };
}
