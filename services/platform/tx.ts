import type { Facts } from "../kernel/errors";
import type { OrgId } from "../kernel/ids";
import type { Caller, Origin } from "./caller";
import type { DomainEvent } from "./events";
import type { Dialects, KeptAnswer, KeptRequest } from "./kept-request";

/** What a use case is handed: in which transaction, for whom and when. */
export interface Tx {
  readonly orgId: OrgId;
  readonly caller: Caller;
  /** The one instant of this unit of work, in milliseconds as the database keeps them. */
  readonly now: Date;
  /** What every use case may know of the installation: its public URL and its keyring. */
  readonly instance: Instance;
  /** Set where the organization is a hidden copy to rehearse in: the one that it is a copy of (ruling d1). */
  readonly shadowOf: OrgId | undefined;
  /** Announces a fact; written just before the commit together with the job that delivers it. */
  emit(event: DomainEvent): void;
  /** Appends to the audit log in the same transaction (SEC-50). */
  audit(entry: AuditNote): void;
}

/** One line of the audit log; `before`/`after` are personal and stay deletable, `facts` are not. */
export interface AuditNote {
  readonly action: string;
  readonly target?: { readonly kind: string; readonly id: string };
  readonly facts?: Facts;
  readonly subjectId?: string;
  readonly before?: Facts;
  readonly after?: Facts;
  readonly result?: "DONE" | "DENIED";
}

/**
 * A credential that is not yet a caller: the organization is an address only, and `identify` finds the credential inside
 * that tenant as the first statement of the unit of work, so that what was revoked a moment ago no longer works.
 */
export interface Entrance {
  readonly orgId: OrgId;
  readonly origin: Origin;
  identify(tx: Tx): Promise<Caller>;
  /**
   * Who came by this credential a moment ago, if that is remembered. The work begins with them in the same breath in
   * which `identify` looks again; where `identify` then finds anything else it throws, and what was begun is void.
   */
  anticipate?(): Caller | undefined;
}

/** What every use case may know of the installation. */
export interface Instance {
  /** The URL that the world sees, without a trailing slash; every absolute URL is built from it (contract §2). */
  readonly publicUrl: string;
  readonly keyring: SecretKeeper;
  /** Does requests of identity providers again; absent where nobody needs that. */
  readonly requests?: RequestEngine;
  /** Whether metadata may be fetched from addresses inside the operator's own network (SAML-07). */
  readonly privateMetadata?: boolean;
}

/** Where a sealed value lives: bound into the seal, so that a value moved to another row does not open (SEC-10). */
export interface SealPlace {
  readonly table: string;
  readonly column: string;
  readonly rowId: string;
}

/** Secrets at rest; `Keyring` is the one that there is. */
export interface SecretKeeper {
  /** Encrypts a secret for the running organization. */
  seal(tx: Tx, place: SealPlace, plain: Buffer | string): Promise<Buffer>;
  /** Decrypts what `seal` made for the same place; a value from another row, table or organization does not open. */
  open(tx: Tx, place: SealPlace, sealed: Buffer): Promise<Buffer>;
  /** Wraps the organization's data keys by the present master key; answers how many had another. */
  rotate(tx: Tx): Promise<number>;
}

/** Does kept requests again; the door that took them is one. */
export interface RequestEngine {
  /** Inside the unit of work; a refusal undoes what the request did, nothing else, and is an answer. */
  run(tx: Tx, request: KeptRequest): Promise<KeptAnswer>;
  readonly dialects: Dialects;
}
