import { minuteMs, plusMs } from "../../kernel/clock";
import { invalid, notFound } from "../../kernel/errors";
import type { ConnectionId } from "../../kernel/ids";
import type { Tx } from "../../platform/unit-of-work";
import { useCase } from "../access";
import {
  driftedGroups,
  locallyChangedMembers,
  unknownMembers,
  unseenMembers,
  type DriftedGroup,
  type DriftedMember,
} from "./drift.store";
import { signsOf } from "./health.store";

/** Some rows of one kind of drift, and how many there are in all. */
export interface Drifted<T> {
  readonly total: number;
  readonly rows: readonly T[];
}

export interface DriftReport {
  readonly checkedAt: Date;
  /** Before this instant a member counts as not seen. */
  readonly unseenBefore: Date;
  readonly unknown: Drifted<DriftedMember>;
  readonly unseen: Drifted<DriftedMember>;
  readonly changedHere: Drifted<DriftedMember>;
  readonly groups: Drifted<DriftedGroup>;
}

export interface DriftQuestion {
  readonly connectionId: ConnectionId;
  /** After how many rounds of the provider without a write a member counts as not seen. */
  readonly cycles?: number;
  /** How long a round takes: 40 minutes with Entra, hours with Google. */
  readonly cycleMinutes?: number;
  /** How many rows of each kind. */
  readonly first?: number;
}

const rowsMax = 500;

/**
 * Where this organization and the identity provider have drifted apart (SCIM-198). What the provider holds we cannot
 * ask; told is what it did not do: people that it never wrote or not lately, rows that others changed after its last
 * word, and groups with people in them that it does not know.
 * @throws PlenumError `not_found`, `invalid`.
 */
export const reportDrift = useCase(
  "provisioning:read",
  async (tx: Tx, input: DriftQuestion): Promise<DriftReport> => {
    const { connectionId: id } = input;
    const cycles = within("cycles", input.cycles ?? 3, 1_000);
    const cycleMinutes = within("cycleMinutes", input.cycleMinutes ?? 40, 10_080);
    const first = within("first", input.first ?? 100, rowsMax);
    if (!(await signsOf(tx, id))) throw notFound("connection");
    const unseenBefore = plusMs(tx.now, -cycles * cycleMinutes * minuteMs);
    return {
      checkedAt: tx.now,
      unseenBefore,
      unknown: counted(await unknownMembers(tx, id, first)),
      unseen: counted(await unseenMembers(tx, id, first, unseenBefore)),
      changedHere: counted(await locallyChangedMembers(tx, id, first)),
      groups: counted(await driftedGroups(tx, id, first)),
    };
  },
  "reportDrift",
);

function within(field: string, value: number, max: number): number {
  if (!Number.isInteger(value) || value < 1 || value > max)
    throw invalid(field, `a whole number from 1 to ${max}`, value);
  return value;
}

function counted<T extends { readonly total: number }>(rows: readonly T[]): Drifted<T> {
  return { total: rows[0]?.total ?? 0, rows };
}
