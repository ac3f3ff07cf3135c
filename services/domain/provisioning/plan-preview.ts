import { notFound } from "../../kernel/errors";
import type { ConnectionId, PreviewId } from "../../kernel/ids";
import type { Caller } from "../../platform/caller";
import type { Database, Entrance, Tx } from "../../platform/unit-of-work";
import { useCase } from "../access";
import { showSeatSummary } from "../subscriptions";
import {
  memberChangeKinds,
  plannedGroup,
  plannedMember,
  type MemberChangeKind,
  type PlannedGroup,
  type PlannedMember,
} from "./preview-plan.rules";
import { refusalsOf, sideOf, touchedBy, type PreviewRefusal } from "./preview-plan.store";
import { findPreview, newestPreview, outcomeOf, type Preview, type PreviewOutcome } from "./preview.store";
import { inShadow } from "./in-shadow";

/** A preview, or the newest one of a connection. */
export type WhichPreview = { readonly id: PreviewId } | { readonly connectionId: ConnectionId };

export interface SeatNeed {
  /** Seats that applying would take, less those that it would free. */
  readonly needed: number;
  readonly available: number;
  /** How many are missing. */
  readonly short: number;
}

export interface PreviewPlan {
  readonly preview: Preview;
  readonly outcome: PreviewOutcome;
  readonly counts: Readonly<Record<MemberChangeKind, number>>;
  readonly seats: SeatNeed;
  /** All of them; a door shows the first. */
  readonly members: readonly PlannedMember[];
  readonly groups: readonly PlannedGroup[];
  /** What was refused in the preview, and will not be done. */
  readonly refusals: readonly PreviewRefusal[];
}

const lookAtLive = useCase(
  "provisioning:read",
  async (tx: Tx, input: WhichPreview) => {
    const preview = "id" in input ? await findPreview(tx, input.id) : await newestPreview(tx, input.connectionId);
    if (!preview) throw notFound("preview");
    const touched = await touchedBy(tx, preview.id);
    const { available } = await showSeatSummary(tx, {});
    return {
      ...{ preview, touched, available, orgId: tx.orgId },
      side: await sideOf(tx, touched),
      refusals: await refusalsOf(tx, preview.id),
      outcome: await outcomeOf(tx, preview.id),
    };
  },
  "planPreview",
);

/**
 * What applying a preview would do: the difference between the copy and the organization, for everything that the
 * provider has written in it (SCIM-197). Once the copy is gone, what is left to tell is what was done and refused.
 * @throws PlenumError `not_found`.
 */
export async function planPreview(db: Database, who: Caller | Entrance, input: WhichPreview): Promise<PreviewPlan> {
  const { preview, touched, side: live, orgId, available, ...told } = await db.run(who, (tx) => lookAtLive(tx, input));
  const isThere = preview.state === "OPEN" || preview.state === "APPLYING";
  const copy = isThere ? await inShadow(db, { id: preview.id, orgId }, (tx) => sideOf(tx, touched)) : live;
  const members = differences(live.members, copy.members, plannedMember);
  const needed = members.reduce((sum, { planBefore, planAfter }) => sum + seats(planAfter) - seats(planBefore), 0);
  return {
    ...{ preview, members, ...told },
    counts: countsOf(members),
    seats: { needed, available, short: Math.max(0, needed - available) },
    groups: differences(live.groups, copy.groups, plannedGroup),
  };
}

const seats = (plan: string | null): number => (plan === null ? 0 : 1);

function countsOf(members: readonly PlannedMember[]): Record<MemberChangeKind, number> {
  const counts = memberChangeKinds.map((kind) => [kind, members.filter((member) => member.kind === kind).length]);
  return Object.fromEntries(counts) as Record<MemberChangeKind, number>;
}

function differences<S extends { readonly id: string }, P>(
  live: readonly S[],
  copy: readonly S[],
  compare: (live: S | undefined, copy: S | undefined) => P | undefined,
): P[] {
  const [before, after] = [new Map(live.map((side) => [side.id, side])), new Map(copy.map((side) => [side.id, side]))];
  const ids = new Set([...before.keys(), ...after.keys()]);
  return [...ids].flatMap((id) => compare(before.get(id), after.get(id)) ?? []);
}
