import type { ArgumentOf, Encode, Gate, Noun, NounName, Row, Run } from "./noun";
import type { Arguments, SelectedField, Selection } from "./selection";
import type { Level, Writer } from "./writer";

/** A field of an answer: its key as JSON has it, with what stands before it, and its value. */
export interface Part {
  readonly key: string;
  readonly encode: Encode;
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

/**
 * Tells the planner how small a page is: `usual` is a literal. Of a `limit $3` alone it assumes a tenth of the table;
 * then the generic plan looks so dear that every execution is planned anew, at 0.8 ms against 0.4 of the execution
 * itself (measured). The hint has to be near the truth, so it is one of a few usual sizes and belongs to the form.
 */
export function small(select: string, alias: string, usual: number): string {
  return `select ${alias}.* from (${select}) ${alias} limit ${usual + 1}`;
}

/** Puts keys in front of values, so that writing a thing is joining texts. */
export function partsOf(fields: readonly { readonly key: string; readonly encode: Encode }[]): readonly Part[] {
  return fields.map(({ key, encode }, i) => ({ key: `${i === 0 ? "{" : ","}${JSON.stringify(key)}:`, encode }));
}

/** One thing as JSON. */
export function write(parts: readonly Part[], row: Row, run: Run): string {
  let text = "";
  for (const { key, encode } of parts) text += key + encode(row, run);
  return text === "" ? "{}" : `${text}}`;
}

/** Several things as JSON. */
export function writeAll(parts: readonly Part[], rows: readonly Row[], run: Run): string {
  let text = "";
  for (const row of rows) text += text === "" ? write(parts, row, run) : `,${write(parts, row, run)}`;
  return `[${text}]`;
}

/** The rows of a select in one cell: a JSON list of lists of texts. */
export function foldRows(level: Level, from: string, orderBy: string): string {
  const columns = level.columns.map((column) => `(${column})::text`).join(", ");
  const rows = `select array[${columns}] as c from ${from} ${level.joins.join(" ")} order by ${orderBy}`;
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
