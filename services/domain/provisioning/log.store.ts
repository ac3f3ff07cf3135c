import type { ConnectionId, PreviewId, ProvisioningEntryId, ScimTokenId } from "../../kernel/ids";
import type { Role } from "../../platform/caller";
import { sql, statement } from "../../platform/sql";
import type { Tx } from "../../platform/unit-of-work";
import type { SeatEffect } from "./seat-effect";

/** A line of the provisioning log as it is read (SCIM-195); the request itself is sealed and opened one at a time. */
export interface LoggedRequest {
  readonly id: ProvisioningEntryId;
  readonly at: Date;
  readonly connectionId: ConnectionId;
  readonly tokenId: ScimTokenId | null;
  readonly tokenName: string | null;
  readonly method: string;
  readonly path: string;
  readonly resourceKind: "member" | "group" | null;
  readonly resourceId: string | null;
  readonly status: number;
  readonly scimType: string | null;
  readonly detail: string | null;
  readonly coercions: readonly unknown[];
  readonly warnings: readonly unknown[];
  /** Names of the attributes that changed; null after a refusal. */
  readonly changed: readonly string[] | null;
  readonly seatEffect: SeatEffect | null;
  readonly durationMs: number;
  readonly userAgent: string | null;
  readonly requestId: string;
  readonly replayOf: ProvisioningEntryId | null;
  readonly previewId: PreviewId | null;
}

const columns = `e.id, e.at, e.connection_id as "connectionId", e.token_id as "tokenId", e.token_name as "tokenName",
  e.method, e.path, e.resource_kind as "resourceKind", e.resource_id as "resourceId", e.status,
  e.scim_type as "scimType", e.detail, e.coercions, e.warnings, e.diff as changed, e.seat_effect as "seatEffect",
  e.duration_ms as "durationMs", e.user_agent as "userAgent", e.request_id as "requestId",
  e.replay_of as "replayOf", e.preview_id as "previewId"`;

const list = statement(
  "provisioning-log",
  `select ${columns} from provisioning_entry e
   where e.org_id = $1 and ($2::timestamptz is null or (e.at, e.id) < ($2, $3::uuid))
     and ($4::uuid is null or e.connection_id = $4) and ($5::uuid is null or e.resource_id = $5)
     and ($6::boolean is null or (e.status >= 400) = $6)
     and e.at >= coalesce($7::timestamptz, '-infinity') and e.at < coalesce($8::timestamptz, 'infinity')
   order by e.at desc, e.id desc limit $9`,
);
const one = statement(
  "provisioning-log-one",
  `select ${columns}, e.request_enc as "sealed", c.name as "connectionName", c.role_ceiling as "roleCeiling",
     c.preset, c.switches, c.scim_state as "scimState"
   from provisioning_entry e
   join identity_connection c on c.org_id = e.org_id and c.id = e.connection_id
   where e.org_id = $1 and e.id = $2`,
);

export interface LogPage {
  readonly first: number;
  /** The last entry of the page before. */
  readonly after?: { readonly at: Date; readonly id: string };
  readonly connectionId?: ConnectionId;
  /** A member or a group. */
  readonly resourceId?: string;
  /** Only refused requests, or only those that were not. */
  readonly failed?: boolean;
  readonly from?: Date;
  readonly until?: Date;
}

/** Newest first. */
export async function listLogged(tx: Tx, page: LogPage): Promise<LoggedRequest[]> {
  return sql(tx).many<LoggedRequest>(list, [
    ...[tx.orgId, page.after?.at ?? null, page.after?.id ?? null, page.connectionId ?? null, page.resourceId ?? null],
    ...[page.failed ?? null, page.from ?? null, page.until ?? null, page.first],
  ]);
}

/** An entry with its sealed request and with what its connection is today. */
export interface KeptEntry extends LoggedRequest {
  readonly sealed: Buffer | null;
  readonly connectionName: string;
  readonly roleCeiling: Role;
  readonly preset: string;
  readonly switches: Readonly<Record<string, unknown>>;
  readonly scimState: "OFF" | "PREVIEW" | "ON" | "PAUSED";
}

export async function findKeptEntry(tx: Tx, id: ProvisioningEntryId): Promise<KeptEntry | undefined> {
  return sql(tx).maybe<KeptEntry>(one, [tx.orgId, id]);
}
