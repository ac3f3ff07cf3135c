import type { Provisioner, SeatEffect } from "../domain/provisioning";
import type { Origin } from "../platform/caller";
import type { Tx } from "../platform/unit-of-work";
import type { Dialect } from "./dialects";
import { readBody } from "./http";
import type { Document } from "./render-resource";
import type { Trail } from "./trail";

/** One HTTP request below a connection's base URL, before anybody knows who asks. */
export interface ScimRequest {
  readonly method: string;
  /** The path below the base URL, decoded. */
  readonly segments: readonly string[];
  /** For the log; without the query. */
  readonly path: string;
  /** Query parameters by lower-case name; of `.search` the members of the body. */
  readonly query: ReadonlyMap<string, unknown>;
  readonly contentType: string | undefined;
  readonly ifMatch: string | undefined;
  readonly ifNoneMatch: string | undefined;
  readonly bytes: Buffer;
  readonly baseUrl: string;
  readonly publicUrl: string;
  readonly origin: Origin;
  /** Done and undone: the answer is what it would be, and nothing is stored (SCIM-197). */
  readonly dryRun: boolean;
}

/** The same inside its unit of work, with the connection's dialect. */
export interface Exchange extends ScimRequest {
  readonly tx: Tx;
  readonly by: Provisioner;
  readonly dialect: Dialect;
  readonly trail: Trail;
  /** Seals and opens cursors. */
  readonly cursorKey: Buffer;
  /** What the log shall say of it. */
  readonly note: RequestNote;
  /** The uuid for what is created, where its sender was told one already (SCIM-197). */
  readonly newId?: string;
}

export interface RequestNote {
  body?: object;
  /** The unique name that the request wants to give: who has it is said in the refusal (SCIM-091). */
  name?: string;
  resource?: { readonly kind: "member" | "group"; readonly id: string };
  changed?: readonly string[];
  seatEffect?: SeatEffect | null;
}

export interface Answer {
  readonly status: number;
  readonly document?: Document;
  /** What stands behind the members of the document, written already: a list too long to be stringified at once. */
  readonly tail?: readonly Buffer[];
  readonly headers?: Readonly<Record<string, string>>;
}

/** The body as JSON object. */
export function bodyOf({ contentType, bytes, dialect, trail, note }: Exchange): object {
  note.body = readBody(contentType, bytes, dialect, trail);
  return note.body;
}

/** An answer that carries one resource: its place and version stand in headers too (SCIM-022, SCIM-023). */
export function resourceAnswer(status: number, document: Document, meta: ResourceMeta): Answer {
  return { status, document, headers: { Location: meta.location, ETag: meta.version } };
}

export interface ResourceMeta {
  readonly location: string;
  readonly version: string;
}

/** Adds warnings of the domain to the trail. */
export function warnAll(trail: Trail, warnings: readonly string[]): void {
  for (const warning of warnings) trail.warn("", warning);
}
