import type { Encode, List, One } from "./noun";
import { argumentOf, childrenOf, foldRows, noteGate, unfold, write, writeAll, type Place } from "./place";
import type { SelectedField } from "./selection";
import { Level } from "./writer";

/** Writes what lies behind a thing as a join. */
export function planOne(place: Place, link: One, row: string, field: SelectedField): Encode {
  const { writer, level } = place;
  const noun = place.nounOf(link.noun);
  noteGate(place, link.gate, field);
  // Without arguments the same thing stands behind the same row, whoever asks.
  const what = `${row}.${field.name}.${field.argumentsAt ?? ""}`;
  const alias = level.joined(what, () => {
    const to = writer.alias(noun.name);
    return { alias: to, text: `left join ${link.join(to, row, writer.bind, argumentOf(field))}` };
  });
  const key = level.cell(noun.key(alias));
  const parts = place.thing(place, noun, alias, childrenOf(field));
  const memo = writer.memo();
  return (cells, run) => {
    const id = cells[key] ?? null;
    if (id === null) return "null";
    // Fifty members of a page often hang on one subscription: it is written once.
    const known = (run.memo[memo] ??= new Map<string, string>());
    let thing = known.get(id);
    if (thing === undefined) known.set(id, (thing = write(parts, cells, run)));
    return thing;
  };
}

// No list that is handed over whole has more; a limit keeps a mistake small.
const listMax = 500;

/** Writes a short list as one cell. */
export function planList(place: Place, link: List, row: string, field: SelectedField): Encode {
  const { writer, level } = place;
  const noun = place.nounOf(link.noun);
  noteGate(place, link.gate, field);
  const alias = writer.alias(noun.name);
  const inner = new Level(false);
  inner.cell(noun.key(alias));
  const from = link.from(alias, row, writer.bind, argumentOf(field));
  const parts = place.thing({ ...place, level: inner }, noun, alias, childrenOf(field));
  const select = `(select ${alias}.* from ${from} limit ${listMax}) ${alias}`;
  const cell = level.cell(foldRows(inner, select, link.orderBy(alias)));
  return (cells, run) => writeAll(parts, unfold(cells[cell]), run);
}
