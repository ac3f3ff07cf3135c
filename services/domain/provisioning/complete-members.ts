import { readId, type MemberId } from "../../kernel/ids";
import type { Tx } from "../../platform/unit-of-work";
import { findDetails, type Details } from "./members-details.store";
import type { ProvisionedMember, Provisioner } from "./provisioned";
import type { MemberRow } from "./provisioned-members.store";

const nothing: Details = { managers: {}, waiting: [], connections: {} };

/**
 * Adds what few members have: a manager, a place in the line for seats, another connection than the asking one. Most
 * rows need none of it, and then nothing is asked.
 */
export async function completeMembers<R extends MemberRow>(
  tx: Tx,
  by: Provisioner,
  rows: readonly R[],
): Promise<(R & ProvisionedMember)[]> {
  const asked = {
    managers: distinct(rows.flatMap((row) => managerOf(row) ?? [])),
    waiting: rows.filter((row) => row.planCode === null && row.status !== "SUSPENDED").map((row) => row.id),
    connections: distinct(
      rows.flatMap(({ managedBy }) => (managedBy === null || managedBy === by.connectionId ? [] : [managedBy])),
    ),
  };
  const isNeeded = Object.values(asked).some((ids) => ids.length > 0);
  const details = isNeeded ? await findDetails(tx, asked) : nothing;
  return rows.map((row) => completed(row, by, details));
}

function completed<R extends MemberRow>(row: R, by: Provisioner, details: Details): R & ProvisionedMember {
  const manager = managerOf(row);
  const managerName = manager && details.managers[manager];
  // The row is nobody else's yet; a copy of its forty properties would cost more than reading them did.
  return Object.assign(row, {
    manager: manager !== undefined && managerName !== undefined ? { id: manager, name: managerName } : null,
    isWaiting: details.waiting.includes(row.id),
    managedByName: row.managedBy === by.connectionId ? by.name : (details.connections[row.managedBy ?? ""] ?? null),
  });
}

function managerOf({ managerRef }: MemberRow): MemberId | undefined {
  const id = managerRef === null ? undefined : readId(managerRef);
  return id?.kind === "member" ? (id.id as MemberId) : undefined;
}

function distinct<T>(items: readonly T[]): T[] {
  return [...new Set(items)];
}
