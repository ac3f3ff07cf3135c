import type { AssignmentTargets } from "../../../domain/event-types";
import { invalid } from "../../../kernel/errors";
import { idAt, optional } from "../inputs";
import type { AssignmentTargetsInput, SectionLockInput } from "./inputs";

/** The targets of an assignment as the domain has them. */
export function targetsOf(input: AssignmentTargetsInput): AssignmentTargets {
  return {
    ...optional("memberIds", input.memberIds?.map((id, i) => idAt(`targets.memberIds.${i}`, "member", id))),
    ...optional("groupIds", input.groupIds?.map((id, i) => idAt(`targets.groupIds.${i}`, "group", id))),
    ...optional("allCurrent", input.allCurrent),
    ...optional("allFuture", input.allFuture),
  };
}

/** Locks by section. */
export function locksOf(locks: readonly SectionLockInput[] | null | undefined): { locks?: Record<string, string> } {
  if (locks == null) return {};
  const entries = locks.map(({ section, isLocked }) => [section, isLocked ? "LOCKED" : "UNLOCKED"]);
  return { locks: Object.fromEntries(entries) as Record<string, string> };
}

/** @throws PlenumError `invalid` where it is no object */
export function valuesAt(field: string, value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw invalid(field, "values by field");
  return value as Record<string, unknown>;
}
