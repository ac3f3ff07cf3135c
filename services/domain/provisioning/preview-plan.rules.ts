import { isDeepStrictEqual } from "node:util";
import type { GroupId, MemberId } from "../../kernel/ids";
import type { GroupSide, MemberSide } from "./preview-plan.store";

export const memberChangeKinds = ["CREATE", "UPDATE", "DEACTIVATE", "REACTIVATE", "REMOVE"] as const;
export type MemberChangeKind = (typeof memberChangeKinds)[number];
export type GroupChangeKind = "CREATE" | "UPDATE" | "REMOVE";

export interface PlannedMember {
  readonly kind: MemberChangeKind;
  readonly id: MemberId;
  readonly userName: string;
  /** Names of the columns that would change. */
  readonly changed: readonly string[];
  readonly roleBefore: MemberSide["role"] | null;
  readonly roleAfter: MemberSide["role"] | null;
  readonly planBefore: string | null;
  readonly planAfter: string | null;
  readonly waits: boolean;
}

export interface PlannedGroup {
  readonly kind: GroupChangeKind;
  readonly id: GroupId;
  readonly displayName: string;
  readonly added: number;
  readonly removed: number;
}

/** What would become of a member; nothing where both sides agree. */
export function plannedMember(live: MemberSide | undefined, copy: MemberSide | undefined): PlannedMember | undefined {
  const known = copy ?? live;
  if (!known) return undefined;
  const changed = live && copy ? changedColumns(live, copy) : [];
  const kind = memberKind(live, copy, changed.length > 0);
  if (!kind) return undefined;
  return {
    ...{ kind, id: known.id, userName: known.userName, changed },
    ...{ roleBefore: live?.role ?? null, roleAfter: copy?.role ?? null },
    ...{ planBefore: live?.plan ?? null, planAfter: copy?.plan ?? null, waits: copy?.waiting ?? false },
  };
}

function memberKind(
  live: MemberSide | undefined,
  copy: MemberSide | undefined,
  differs: boolean,
): MemberChangeKind | undefined {
  if (!live) return "CREATE";
  if (!copy) return "REMOVE";
  if (copy.status === "SUSPENDED" && live.status !== "SUSPENDED") return "DEACTIVATE";
  if (live.status === "SUSPENDED" && copy.status !== "SUSPENDED") return "REACTIVATE";
  return differs ? "UPDATE" : undefined;
}

function changedColumns(live: MemberSide, copy: MemberSide): string[] {
  const profile = Object.keys(copy.profile).filter(
    (name) => !isDeepStrictEqual(live.profile[name], copy.profile[name]),
  );
  const facts = (["userName", "role", "plan", "waiting"] as const).filter((name) => live[name] !== copy[name]);
  return [...facts, ...profile];
}

/** The same for a group. */
export function plannedGroup(live: GroupSide | undefined, copy: GroupSide | undefined): PlannedGroup | undefined {
  const known = copy ?? live;
  if (!known) return undefined;
  const [before, after] = [new Set(live?.children), new Set(copy?.children)];
  const added = [...after].filter((child) => !before.has(child)).length;
  const removed = [...before].filter((child) => !after.has(child)).length;
  const isRenamed = live?.displayName !== copy?.displayName;
  const kind = !live ? "CREATE" : !copy ? "REMOVE" : isRenamed || added + removed > 0 ? "UPDATE" : undefined;
  return kind && { kind, id: known.id, displayName: known.displayName, added, removed };
}
