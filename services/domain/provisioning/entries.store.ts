import type { ConnectionId, ScimTokenId } from "../../kernel/ids";
import { lastly, sql, statement } from "../../platform/sql";
import type { Tx } from "../../platform/unit-of-work";
import type { SeatEffect } from "./seat-effect";
import { storable, storableText } from "./storable";

/** One request of an identity provider, as the provisioning log keeps it (SCIM-195). */
export interface RequestEntry {
  readonly id: string;
  /** When it came; absent, it is the instant of the unit of work. */
  readonly at?: Date;
  readonly connectionId: ConnectionId;
  readonly tokenId: ScimTokenId | null;
  /** The token's name, or who did the request again. */
  readonly tokenName: string;
  readonly method: string;
  readonly path: string;
  readonly resource: { readonly kind: string; readonly id: string } | null;
  readonly requestSealed: Buffer | null;
  readonly status: number;
  readonly scimType: string | null;
  readonly detail: string | null;
  readonly coercions: readonly unknown[];
  readonly warnings: readonly unknown[];
  /** Names of the attributes that changed. */
  readonly changed: readonly string[] | null;
  readonly seatEffect: SeatEffect | null;
  readonly durationMs: number;
  readonly userAgent: string | null;
  readonly requestId: string;
  /** The entry of the request that was done again (SCIM-196). */
  readonly replayOf?: string;
  /** The preview in whose copy it was done (SCIM-197). */
  readonly previewId?: string;
}

const add = statement(
  "provisioning-entry-add",
  `insert into provisioning_entry (org_id, at, id, connection_id, token_id, token_name, method, path, resource_kind,
     resource_id, request_enc, status, scim_type, detail, coercions, warnings, diff, seat_effect, duration_ms,
     user_agent, request_id, replay_of, preview_id)
   values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22,
     $23)`,
);

export async function insertEntry(tx: Tx, entry: RequestEntry): Promise<void> {
  await sql(tx).exec(add, valuesOf(tx, entry));
}

/** The same together with the commit, where nobody reads the entry before. */
export function insertEntryLast(tx: Tx, entry: RequestEntry): void {
  lastly(tx, add, valuesOf(tx, entry));
}

function valuesOf(tx: Tx, entry: RequestEntry): readonly unknown[] {
  return [
    tx.orgId,
    entry.at ?? tx.now,
    entry.id,
    entry.connectionId,
    entry.tokenId,
    entry.tokenName,
    entry.method,
    storableText(entry.path),
    entry.resource?.kind ?? null,
    entry.resource?.id ?? null,
    entry.requestSealed,
    entry.status,
    entry.scimType,
    entry.detail === null ? null : storableText(entry.detail),
    JSON.stringify(storable(entry.coercions)),
    JSON.stringify(storable(entry.warnings)),
    entry.changed === null ? null : JSON.stringify(entry.changed),
    entry.seatEffect,
    entry.durationMs,
    entry.userAgent,
    entry.requestId,
    entry.replayOf ?? null,
    entry.previewId ?? null,
  ];
}
