import type { Decode, Gate, Noun, Row, Run } from "./noun";
import { nounOf } from "./nouns";
import { assemble, rowsMax, type Part, type Place } from "./place";
import { planList, planOne } from "./plan-link";
import { planPage } from "./plan-page";
import type { SelectedField, Selection } from "./selection";
import { Level, Writer } from "./writer";

/** One statement and how its rows become the answer. Made once per selection and form of its arguments. */
export interface Plan {
  readonly text: string;
  readonly values: readonly ((run: Run) => unknown)[];
  readonly gates: readonly { readonly gate: Gate; readonly argumentsAt: number | undefined }[];
  readonly answer: (run: Run) => Readonly<Record<string, unknown>>;
}

/**
 * Compiles what is wanted of the query root into one statement, whatever the nesting (GQL-35): things behind a thing
 * are joins; the first list is joined too, so that its rows come as rows; lists inside lists are folded into a cell.
 */
export function planRead(selection: Selection, run: Run): Plan {
  const writer = new Writer();
  const level = new Level(true);
  const place: Place = { writer, level, run, nounOf, thing: planThing };
  const parts = planThing(place, nounOf("Query"), "root", selection);
  const columns = level.columns.length === 0 ? "1" : level.columns.join(", ");
  const order = level.orderBy === undefined ? "" : ` order by ${level.orderBy} limit ${rowsMax}`;
  return {
    text: `select ${columns} from (select 1) root ${level.joins.join(" ")}${order}`,
    values: writer.values,
    gates: writer.gates,
    answer: (run) => assemble(parts, run.rows[0] ?? [], run),
  };
}

function planThing(place: Place, noun: Noun, row: string, selection: Selection): Part[] {
  return selection.fields.map((field) => ({ key: field.key, decode: planField(place, noun, row, field) }));
}

function planField(place: Place, noun: Noun, row: string, field: SelectedField): Decode {
  const { writer, level } = place;
  const member = noun.members[field.name];
  if (!member) throw new Error(`${noun.name} has no field ${field.name}`);
  switch (member.kind) {
    case "column":
      return member.decode(level.cell(member.sql(row, writer.bind)));
    case "computed": {
      const cells = member.columns.map((column) => level.cell(column(row)));
      const valuesOf = (cellsOfRow: Row) => cells.map((cell) => cellsOfRow[cell] ?? null);
      return (cellsOfRow, run) => member.value(valuesOf(cellsOfRow), run);
    }
    case "one":
      return planOne(place, member, row, field);
    case "list":
      return planList(place, member, row, field);
    case "many":
      return planPage(place, member, row, field);
  }
}
