import type { ArgumentOf, Decode, Gate, Noun, NounName, Row, Run } from "./noun";
import type { Arguments, SelectedField, Selection } from "./selection";
import type { Level, Writer } from "./writer";

/** A field of an answer. */
export interface Part {
  readonly key: string;
  readonly decode: Decode;
}

/** Where something is being written. `run` decides forms, its values never become text. */
export interface Place {
  readonly writer: Writer;
  readonly level: Level;
  readonly run: Run;
  readonly nounOf: (name: NounName) => Noun;
  /** Writes the columns and joins of one thing at a row. */
  readonly thing: (place: Place, noun: Noun, row: string, selection: Selection) => readonly Part[];
}

/** A statement gives 101 rows at most: a page and one behind it. The planner's only hint how small a page is. */
export const rowsMax = 101;

export function assemble(parts: readonly Part[], row: Row, run: Run): Readonly<Record<string, unknown>> {
  const thing: Record<string, unknown> = {};
  for (const { key, decode } of parts) thing[key] = decode(row, run);
  return thing;
}

/** The rows of a select in one cell: a JSON list of lists of texts. */
export function foldRows(level: Level, from: string, orderBy: string): string {
  const columns = level.columns.map((column) => `(${column})::text`).join(", ");
  const rows = `select array[${columns}] as c from ${from} ${level.joins.join(" ")} order by ${orderBy} limit ${rowsMax}`;
  return `(select coalesce(json_agg(rows.c), '[]')::text from (${rows}) rows)`;
}

export function unfold(cell: string | null | undefined): readonly Row[] {
  return cell == null ? [] : (JSON.parse(cell) as readonly Row[]);
}

export function noteGate(place: Place, gate: Gate | undefined, field: SelectedField): void {
  if (gate) place.writer.gates.push({ gate, argumentsAt: field.argumentsAt });
}

export function childrenOf(field: SelectedField): Selection {
  if (!field.children) throw new Error(`${field.name} is a thing and needs fields`);
  return field.children;
}

const noArguments: Arguments = {};

export function argumentsOf(field: SelectedField, run: Run): Arguments {
  return field.argumentsAt === undefined ? noArguments : (run.args[field.argumentsAt] ?? noArguments);
}

export function argumentOf(field: SelectedField): ArgumentOf {
  return (name) => (run) => argumentsOf(field, run)[name];
}
