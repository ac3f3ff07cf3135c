import { quoted } from "./encode";
import type { Encode, Gate, Noun, Row, Run } from "./noun";
import { nounOf } from "./nouns";
import { partsOf, type Part, type Place } from "./place";
import { planList, planOne } from "./plan-link";
import { planPage } from "./plan-page";
import { typeName, type SelectedField, type Selection } from "./selection";
import { Level, Writer } from "./writer";

/** One statement and how its rows become the answer. Made once per selection and form of its arguments. */
export interface Plan {
  readonly text: string;
  readonly values: readonly ((run: Run) => unknown)[];
  readonly gates: readonly { readonly gate: Gate; readonly argumentsAt: number | undefined }[];
  /** The answer as JSON, by the keys of the selection. */
  readonly answer: (run: Run) => ReadonlyMap<string, string>;
}

/**
 * Compiles what is wanted of the query root into one statement, whatever the nesting (GQL-35): things behind a thing
 * are joins; the first list is joined too, so that its rows come as rows; lists inside lists are folded into a cell.
 */
export function planRead(selection: Selection, run: Run): Plan {
  const writer = new Writer();
  const level = new Level(true);
  const place: Place = { writer, level, run, nounOf, thing: planThing };
  const root = nounOf("Query");
  const wanted = selection.fields.map((field) => ({ key: field.key, encode: planField(place, root, "root", field) }));
  const columns = level.columns.length === 0 ? "1" : level.columns.join(", ");
  const order = level.orderBy === undefined ? "" : ` order by ${level.orderBy}`;
  return {
    text: `select ${columns} from (select $1::uuid as org_id) root ${level.joins.join(" ")}${order}`,
    values: writer.values,
    gates: writer.gates,
    answer: (run) => new Map(wanted.map(({ key, encode }) => [key, encode(run.rows[0] ?? [], run)])),
  };
}

function planThing(place: Place, noun: Noun, row: string, selection: Selection): readonly Part[] {
  return partsOf(selection.fields.map((field) => ({ key: field.key, encode: planField(place, noun, row, field) })));
}

function planField(place: Place, noun: Noun, row: string, field: SelectedField): Encode {
  const { writer, level } = place;
  if (field.name === typeName) return () => quoted(noun.name);
  const member = noun.members[field.name];
  if (!member) throw new Error(`${noun.name} has no field ${field.name}`);
  switch (member.kind) {
    case "column":
      return member.encode(level.cell(member.sql(row, writer.bind)));
    case "computed": {
      const cells = member.columns.map((column) => level.cell(column(row)));
      const valuesOf = (cellsOfRow: Row) => cells.map((cell) => cellsOfRow[cell] ?? null);
      const shape = field.children ? shaper(field.children, member.of ?? "") : (value: unknown) => value;
      return (cellsOfRow, run) => JSON.stringify(shape(member.value(valuesOf(cellsOfRow), run)) ?? null);
    }
    case "one":
      return planOne(place, member, row, field);
    case "list":
      return planList(place, member, row, field);
    case "many":
      return planPage(place, member, row, field);
  }
}

/** What was selected of a value that has fields of its own. */
function shaper({ fields }: Selection, of: string): (value: unknown) => unknown {
  const shape = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(shape);
    if (typeof value !== "object" || value === null) return null;
    const known = value as Readonly<Record<string, unknown>>;
    return Object.fromEntries(fields.map(({ name, key }) => [key, name === typeName ? of : (known[name] ?? null)]));
  };
  return shape;
}
