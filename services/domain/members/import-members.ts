import { PlenumError, type ErrorCode } from "../../kernel/errors";
import { parseEmail } from "../../kernel/email";
import { foldKey } from "../../kernel/text";
import type { Caller, Role } from "../../platform/caller";
import type { Database, Tx } from "../../platform/unit-of-work";
import { useCase } from "../access";
import { loadOrganization } from "../organizations";
import { defaultPoolFacts } from "../seats";
import { addMember } from "./add-member";
import { changeMember } from "./change-member";
import { findIdsByUserName } from "./import.store";
import type { MemberProfile, MemberValue } from "./member";
import type { MemberChange } from "./member-change";
import { parseUserName } from "./member.rules";

/** One row of an import; what a cell leaves out is kept (NFR-09: empty cells never erase). */
export interface ImportRow {
  /** The line of the file, for the report. */
  readonly line: number;
  readonly email: string;
  readonly profile: Partial<MemberProfile>;
  readonly role?: Role;
  readonly active?: boolean;
}

export type ImportOutcome = "created" | "updated" | "unchanged" | "refused";

export interface ImportedRow {
  readonly line: number;
  readonly outcome: ImportOutcome;
  readonly error?: { readonly code: ErrorCode; readonly message: string };
}

/**
 * Imports rows one by one, each in its own unit of work, so that ten thousand rows hold no lock for long and a refused
 * row leaves the others. Running the same file again changes nothing.
 */
export async function importMembers(
  db: Database,
  caller: Caller,
  rows: readonly ImportRow[],
  onRow: (row: ImportedRow) => void,
): Promise<void> {
  for (const row of rows) onRow(await settle(row.line, () => db.run(caller, (tx) => importMember(tx, row))));
}

/** Adds or updates one member, found by user name. */
export const importMember = useCase(
  "member:write",
  async (tx: Tx, row: ImportRow): Promise<Exclude<ImportOutcome, "refused">> => {
    const { userName, values } = read(row);
    const id = (await findIdsByUserName(tx, [foldKey(userName)])).get(foldKey(userName));
    if (id === undefined) {
      await addMember(tx, {
        profile: { ...row.profile, userName },
        values,
        origin: "IMPORT",
        role: row.role ?? "MEMBER",
        active: row.active ?? true,
      });
      return "created";
    }

    const changes: MemberChange[] = [{ kind: "profile", set: row.profile }];
    if (row.role !== undefined) changes.push({ kind: "grantRole", role: row.role });
    if (row.active !== undefined) changes.push({ kind: row.active ? "activate" : "suspend" });
    return (await changeMember(tx, { id, changes })).changed ? "updated" : "unchanged";
  },
  "importMember",
);

/**
 * What an import would do, without writing: malformed rows, rows that are there already, and which of the new ones
 * find no seat any more.
 */
export const planImport = useCase(
  "member:write",
  async (tx: Tx, input: { rows: readonly ImportRow[] }): Promise<ImportedRow[]> => {
    let free = await freePlaces(tx);
    const parsed = await Promise.all(input.rows.map((row) => settle(row.line, async () => (read(row), "created"))));
    const keys = input.rows
      .filter((_, i) => parsed[i]?.outcome === "created")
      .map((row) => foldKey(read(row).userName));
    const known = await findIdsByUserName(tx, keys);
    const seen = new Set<string>();
    return input.rows.map((row, i) => {
      const result = parsed[i] as ImportedRow;
      if (result.outcome === "refused") return result;
      const key = foldKey(read(row).userName);
      if (known.has(key) || seen.has(key)) return { line: row.line, outcome: "updated" };
      seen.add(key);
      if (row.active === false) return result;
      free -= 1;
      return free >= 0 ? result : { line: row.line, outcome: "refused", error: noSeat };
    });
  },
  "planImport",
);

const noSeat = { code: "seats_exhausted", message: "No free seat is left for this row." } as const;

async function freePlaces(tx: Tx): Promise<number> {
  const pool = await defaultPoolFacts(tx);
  const { seatPolicy, freeMemberLimit, freeMemberUsed } = await loadOrganization(tx);
  const free = freeMemberLimit === null ? Infinity : freeMemberLimit - freeMemberUsed;
  if (!pool) return free;
  // Who waits in line and who makes the organization buy finds a place as well; the run itself says how many.
  if (seatPolicy === "waitlist" || seatPolicy === "expand") return Infinity;
  return pool.quantity - pool.used + (seatPolicy === "free" ? free : 0);
}

function read(row: ImportRow): { userName: string; values: MemberValue[] } {
  const email = parseEmail("email", row.email);
  const userName = parseUserName(row.profile.userName ?? email.asGiven);
  return {
    userName,
    values: [{ attribute: "emails", type: "work", value: email.asGiven, primary: true, detail: null }],
  };
}

async function settle(line: number, work: () => Promise<string>): Promise<ImportedRow> {
  try {
    return { line, outcome: (await work()) as ImportOutcome };
  } catch (error) {
    if (!(error instanceof PlenumError) || error.code === "unavailable") throw error;
    return { line, outcome: "refused", error: { code: error.code, message: error.message } };
  }
}
