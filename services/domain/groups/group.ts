import type { ConnectionId, GroupId, MemberId } from "../../kernel/ids";

/** A group of members and of other groups. */
export interface Group {
  readonly id: GroupId;
  readonly displayName: string;
  readonly memberCount: number;
  readonly managedBy: ConnectionId | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly version: string;
}

/** Somebody, or another group, who belongs to a group. */
export type GroupChild =
  { readonly kind: "MEMBER"; readonly id: MemberId } | { readonly kind: "GROUP"; readonly id: GroupId };

/** What happens with a child that the organization does not have. */
export type UnknownChildren = "refuse" | "ignore";

/**
 * A condition that a door has compiled: SQL over the alias that the taker names, its parameters numbered behind those
 * of the statement it joins. Values stand in parameters only.
 */
export interface RowCondition {
  readonly text: string;
  readonly values: readonly unknown[];
}

/** One change of who belongs to a group; each is one statement, whatever the size of the group (SCIM-163). */
export type GroupStep =
  | { readonly do: "remove" | "replace"; readonly children: readonly GroupChild[] }
  /** `addedBy` puts back what there was; absent, it is whoever asks. */
  | { readonly do: "add"; readonly children: readonly GroupChild[]; readonly addedBy?: ConnectionId | null }
  | { readonly do: "clear" }
  /** The condition is over an edge `v`; two parameters stand before its own. */
  | { readonly do: "removeMatching"; readonly condition: RowCondition };
