import { readFileSync } from "node:fs";
import { parse } from "csv-parse/sync";
import { stringify } from "csv-stringify/sync";
import { invalid } from "../kernel/errors";
import { publicId, type MemberId } from "../kernel/ids";
import {
  exportMembers,
  importMembers,
  planImport,
  type ExportedMember,
  type ImportedRow,
  type ImportRow,
  type MemberProfile,
} from "../domain/members";
import type { Role } from "../platform/caller";
import { given, type Command } from "./command";
import { operatorIn, orgOption } from "./organization";

const profileColumns = [
  "userName",
  "givenName",
  "familyName",
  "displayName",
  "title",
  "department",
  "employeeNumber",
] as const;
const columns = ["email", ...profileColumns, "role", "active"] as const;
const rowsMax = 100_000;

/** `plenum members import`: adds and updates members from a CSV file with a header line. */
export const membersImport: Command = {
  name: "members import",
  summary: `add and update members from a CSV file with the columns ${columns.join(", ")}`,
  options: [
    orgOption,
    { flags: "--file <path>", description: "the CSV file, UTF-8, with a header line", required: true },
    { flags: "--dry-run", description: "say what would happen and write nothing" },
  ],
  async run(context, options) {
    const rows = readRows(given(options, "file"));
    const { db, caller } = await operatorIn(context, options);
    const report: ImportedRow[] = [];
    if (options.dryRun === true) report.push(...(await db.run(caller, (tx) => planImport(tx, { rows }))));
    else {
      await importMembers(db, caller, rows, (row) => {
        report.push(row);
        if (report.length % 500 === 0) context.say(`${report.length} of ${rows.length} rows`);
      });
    }
    const count = (outcome: ImportedRow["outcome"]) => report.filter((row) => row.outcome === outcome).length;
    const counts = {
      created: count("created"),
      updated: count("updated"),
      unchanged: count("unchanged"),
      refused: count("refused"),
    };
    const errors = report.filter((row) => row.outcome === "refused").map(({ line, error }) => ({ line, ...error }));
    const lines = errors.map((error) => `line ${error.line}: ${error.message ?? ""}`);
    const summary = Object.entries(counts)
      .map(([name, n]) => `${n} ${name}`)
      .join(", ");
    return { json: { dryRun: options.dryRun === true, counts, errors }, text: [...lines, summary].join("\n") };
  },
};

/** `plenum members export`: all members as CSV, or as JSON with `--json`. */
export const membersExport: Command = {
  name: "members export",
  summary: "write all members as CSV on stdout, or as JSON with --json",
  options: [orgOption],
  async run(context, options) {
    const { db, caller } = await operatorIn(context, options);
    const members: ExportedMember[] = [];
    for (let after: MemberId | null = null, last = false; !last;) {
      const page = await db.run(caller, (tx) => exportMembers(tx, { after }));
      members.push(...page.members);
      after = page.members.at(-1)?.id ?? null;
      last = page.last;
    }
    const json = members.map((m) => ({ ...m, id: publicId("member", m.id), createdAt: m.createdAt.toISOString() }));
    // A cell that a spreadsheet would run as a formula is led by a quote (SEC-33).
    const text = stringify(json, { header: true, escape_formulas: true }).trimEnd();
    return { json: { members: json }, text };
  },
};

function readRows(path: string): ImportRow[] {
  const text = readText(path);
  const records = parseCsv(text);
  if (records.length > rowsMax) throw invalid("file", `at most ${rowsMax} rows`, records.length);
  return records.map(({ record, info }) => toRow(record, info.lines));
}

function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    throw invalid("file", "a file that can be read", path);
  }
}

interface CsvRecord {
  readonly record: Readonly<Record<string, string>>;
  readonly info: { readonly lines: number };
}

function parseCsv(text: string): CsvRecord[] {
  const header = (names: string[]) =>
    names.map((name) => {
      const column = columns.find((known) => known.toLowerCase() === name.trim().toLowerCase());
      if (!column) throw invalid("file", `a header of ${columns.join(", ")}`, name);
      return column;
    });
  try {
    return parse(text, {
      bom: true,
      columns: header,
      info: true,
      skip_empty_lines: true,
      trim: true,
    }) as unknown as CsvRecord[];
  } catch (error) {
    if (error instanceof Error && "code" in error && String(error.code).startsWith("CSV_")) {
      throw invalid("file", "well-formed CSV", error.message);
    }
    throw error;
  }
}

function toRow(record: Readonly<Record<string, string>>, line: number): ImportRow {
  const profile: Partial<Record<keyof MemberProfile, string>> = {};
  for (const name of profileColumns) if (record[name]) profile[name] = record[name];
  const { role, active } = record;
  return {
    line,
    email: record.email ?? "",
    profile,
    ...(role ? { role: roleNamed(role, line) } : {}),
    ...(active ? { active: flag(active, line) } : {}),
  };
}

function roleNamed(text: string, line: number): Role {
  const role = (["OWNER", "ADMIN", "MEMBER"] as const).find((known) => known === text.toUpperCase());
  if (!role) throw invalid(`line ${line}: role`, "owner, admin or member", text);
  return role;
}

function flag(text: string, line: number): boolean {
  const word = text.toLowerCase();
  if (["true", "yes", "oui", "1"].includes(word)) return true;
  if (["false", "no", "non", "0"].includes(word)) return false;
  throw invalid(`line ${line}: active`, "true or false", text);
}
