import type { ConnectionId, ScimTokenId } from "../kernel/ids";
import type { Role } from "./caller";

/** A request of an identity provider as the provisioning log keeps it, with what its connection is today. */
export interface KeptRequest {
  readonly connection: {
    readonly id: ConnectionId;
    readonly name: string;
    readonly roleCeiling: Role;
    readonly preset: string;
    readonly switches: Readonly<Record<string, unknown>>;
  };
  /** The token that sent it; null for one that we thought up ourselves. */
  readonly tokenId: ScimTokenId | null;
  readonly method: string;
  /** Below the connection's base URL, decoded. */
  readonly path: string;
  readonly query: Readonly<Record<string, unknown>>;
  readonly body: object | null;
  /** The id that what is created shall have: the one that its sender knows already. */
  readonly newId?: string;
}

/** What came of it, a refusal included. */
export interface KeptAnswer {
  readonly status: number;
  readonly document: Readonly<Record<string, unknown>> | null;
  readonly scimType: string | null;
  readonly detail: string | null;
  /** The code and the facts of a refusal. */
  readonly refusal: { readonly code: string; readonly facts: Readonly<Record<string, unknown>> } | null;
  readonly coercions: readonly unknown[];
  readonly warnings: readonly unknown[];
  readonly changed: readonly string[] | null;
  readonly seatEffect: "taken" | "released" | "waiting" | "free_place" | null;
  readonly resource: { readonly kind: string; readonly id: string } | null;
}

/** By which rules requests can be read. */
export interface Dialects {
  readonly presets: readonly string[];
  /** Whether there is such a switch, and it has this position. */
  readonly fits: (name: string, value: unknown) => boolean;
  /** Every switch of a preset with some switches set otherwise. */
  readonly effective: (
    preset: string,
    switches: Readonly<Record<string, unknown>>,
  ) => Readonly<Record<string, unknown>>;
}
