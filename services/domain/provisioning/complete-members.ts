import { readId, type MemberId } from "../../kernel/ids";
import type { Tx } from "../../platform/unit-of-work";
import { findDetails, type Details } from "./members-details.store";
import type { ProvisionedMember, Provisioner } from "./provisioned";
import type { MemberRow } from "./provisioned-members.store";

type Looked = Omit<Details, "waiting" | "accepted"> & Readonly<Record<"waiting" | "accepted", ReadonlySet<string>>>;

const nothing: Details = { managers: {}, waiting: [], connections: {}, accepted: [] };

/**
 * Adds what few members of an identity provider have: a manager, a place in the line for seats, another connection than
 * the asking one, an invitation that they accepted. Most rows need none of it, and then nothing is asked: each table in
 * the statement that reads the rows costs it 0.1 ms (measured), also where it is not looked at.
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
    accepted: rows.filter(mayHaveAccepted).map((row) => row.id),
  };
  const isNeeded = Object.values(asked).some((ids) => ids.length > 0);
  const details = isNeeded ? await findDetails(tx, asked) : nothing;
  const [waiting, accepted] = [new Set<string>(details.waiting), new Set<string>(details.accepted)];
  return rows.map((row) => completed(row, by, { ...details, waiting, accepted }));
}

function completed<R extends MemberRow>(row: R, by: Provisioner, details: Looked): R & ProvisionedMember {
  const manager = managerOf(row);
  const managerName = manager && details.managers[manager];
  // The row is nobody else's yet; a copy of its forty properties would cost more than reading them did.
  return Object.assign(row, {
    manager: manager !== undefined && managerName !== undefined ? { id: manager, name: managerName } : null,
    hasAccepted: details.accepted.has(row.id),
    isWaiting: details.waiting.has(row.id),
    managedByName: row.managedBy === by.connectionId ? by.name : (details.connections[row.managedBy ?? ""] ?? null),
  });
}

// Whoever joined in the moment of being added was never invited.
function mayHaveAccepted({ joinedAt, createdAt, origin }: MemberRow): boolean {
  return joinedAt !== null && (origin === "INVITATION" || joinedAt.getTime() !== createdAt.getTime());
}

function managerOf({ managerRef }: MemberRow): MemberId | undefined {
  const id = managerRef === null ? undefined : readId(managerRef);
  return id?.kind === "member" ? (id.id as MemberId) : undefined;
}

function distinct<T>(items: readonly T[]): T[] {
  return [...new Set(items)];
}
