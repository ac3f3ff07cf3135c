import type { Encode, Many, Noun, Order, Row, Run } from "./noun";
import { quoted } from "./encode";
import { filterOf, pageForm, pageSize, type PageForm } from "./page";
import {
  argumentOf,
  argumentsOf,
  childrenOf,
  foldRows,
  noteGate,
  partsOf,
  small,
  unfold,
  write,
  writeAll,
  type Place,
} from "./place";
import { typeName, type SelectedField, type Selection } from "./selection";
import { Level } from "./writer";

/** Writes a list in pages: joined where the level may branch, else folded into a cell. */
export function planPage(place: Place, link: Many, row: string, field: SelectedField): Encode {
  const { writer, level, run } = place;
  const noun = place.nounOf(link.noun);
  noteGate(place, link.gate, field);
  const form = pageForm(link, argumentsOf(field, run));
  const page: PageAt = { place, noun, alias: writer.alias(noun.name), form, field, wanted: wantedOf(field) };
  const filtered = `${link.from(page.alias, row, writer.bind, argumentOf(field))}${filters(page, link)}`;
  const count = !page.wanted.total ? undefined : planCount(place, filtered);
  const total = (cells: Row) => (count === undefined ? null : (cells[count] ?? null));
  const sizeOf = (run: Run) => pageSize(argumentsOf(field, run));
  // Whether the page's size is right is asked before the statement is sent, also where only the count is wanted.
  const limit = writer.bind((run) => sizeOf(run) + 1);
  const { alias } = page;
  const whole = `select ${alias}.* from ${filtered}${bounds(page)} order by ${orderBy(page)} limit ${limit}`;
  const select = small(whole, alias, form.usual);

  if (level.takeBranch()) {
    level.joins.push(`left join lateral (${select}) ${page.alias} on true`);
    level.orderBy = orderBy(page);
    const read = pageWriter(page, level);
    return (cells, run) => read(run.rows, run, sizeOf(run), total(cells));
  }
  const inner = new Level(false);
  const read = pageWriter(page, inner);
  const cell = level.cell(foldRows(inner, `(${select}) ${page.alias}`, orderBy(page)));
  return (cells, run) => read(unfold(cells[cell]), run, sizeOf(run), total(cells));
}

interface PageAt {
  readonly place: Place;
  readonly noun: Noun;
  readonly alias: string;
  readonly form: PageForm;
  readonly field: SelectedField;
  readonly wanted: Wanted;
}

/** What of a page is asked for: rows, or only how many there are. */
interface Wanted {
  readonly fields: readonly SelectedField[];
  readonly total: boolean;
  readonly cursors: boolean;
}

function wantedOf(field: SelectedField): Wanted {
  const { fields } = childrenOf(field);
  const asks = (...names: readonly string[]) => fields.some(({ name }) => names.includes(name));
  return { fields, total: asks("totalCount"), cursors: asks("edges", "pageInfo") };
}

function filters({ place, form, alias, field }: PageAt, link: Many): string {
  return Object.entries(link.filters)
    .map(([name, filter]) => {
      const value = (run: Run) => filterOf(argumentsOf(field, run))[name];
      return filter.sql(alias, place.writer.bind, value, form.filters[name] ?? "absent");
    })
    .filter((condition) => condition !== "")
    .map((condition) => ` and ${condition}`)
    .join("");
}

// Counted beside the row that the list belongs to, once, and without the bounds of the page.
function planCount({ level, writer }: Place, filtered: string): number {
  const alias = writer.alias("count");
  level.joins.push(`left join lateral (select count(*) as n from ${filtered}) ${alias} on true`);
  return level.cell(`${alias}.n`);
}

function orderBy({ form, noun, alias }: PageAt): string {
  const direction = Boolean(form.order.descending) === form.backward ? "" : " desc";
  return `${form.order.column(alias)}${direction}, ${noun.key(alias)}${direction}`;
}

/** Behind which row the page begins, and before which it ends: a comparison that an index answers. */
function bounds({ place, form, noun, alias, field }: PageAt): string {
  const { bind } = place.writer;
  const bound = (argument: "after" | "before"): string => {
    const read = (run: Run) =>
      run.cursors.read(run.orgId, listOf(noun, form), argument, String(argumentsOf(field, run)[argument]));
    const key = bind((run) => read(run).key);
    const id = bind((run) => read(run).id);
    const typed = typedKey[form.order.type](key);
    const sign = (argument === "after") === Boolean(form.order.descending) ? "<" : ">";
    return ` and (${form.order.column(alias)}, ${noun.key(alias)}) ${sign} (${typed}, ${id}::uuid)`;
  };
  return `${form.after ? bound("after") : ""}${form.before ? bound("before") : ""}`;
}

const typedKey: Readonly<Record<Order["type"], (key: string) => string>> = {
  instant: (key) => `${key}::timestamp at time zone 'UTC'`,
  text: (key) => `${key}::text`,
  number: (key) => `${key}::bigint`,
};

/** A cursor belongs to one kind of list in one order. */
function listOf(noun: Noun, form: PageForm): string {
  return `${noun.name} ${form.orderName}`;
}

/** One page of rows, as a page and as what the fields of a page are written from. */
interface Found {
  readonly items: readonly Row[];
  readonly more: boolean;
  readonly total: string | null;
}

type WritePage = (found: Found, run: Run) => string;

function pageWriter(page: PageAt, level: Level) {
  const { noun, alias, form, wanted } = page;
  const place: Place = { ...page.place, level };
  const id = level.cell(noun.key(alias));
  const cursor = wanted.cursors ? cursorWriter(page, level, id) : () => "null";
  const fields = wanted.fields.map((field) => ({
    key: JSON.stringify(field.key),
    write: planPageField({ ...page, place }, field, cursor),
  }));

  return (rows: readonly Row[], run: Run, size: number, total: string | null): string => {
    // A list that is joined to its owner gives one row without an item where it is empty.
    const found = rows[0]?.[id] == null ? [] : rows;
    const items = found.slice(0, size);
    if (form.backward) items.reverse();
    const it = { items, more: found.length > size, total };
    let text = "";
    for (const { key, write } of fields) text += `${text === "" ? "{" : ","}${key}:${write(it, run)}`;
    // Conditions may leave out whatever was selected.
    return text === "" ? "{}" : `${text}}`;
  };
}

function planPageField(page: PageAt, field: SelectedField, cursor: Encode): WritePage {
  const { place, noun, alias, form } = page;
  switch (field.name) {
    case "nodes": {
      const parts = place.thing(place, noun, alias, childrenOf(field));
      return ({ items }, run) => writeAll(parts, items, run);
    }
    case "edges": {
      const parts = partsOf(childrenOf(field).fields.map((inner) => planEdge(page, inner, cursor)));
      return ({ items }, run) => writeAll(parts, items, run);
    }
    case "pageInfo":
      return pageInfoWriter(childrenOf(field), form, cursor);
    case "totalCount":
      return ({ total }) => total ?? "null";
    default:
      return () => quoted(`${noun.name}Connection`);
  }
}

function planEdge(
  { place, noun, alias }: PageAt,
  field: SelectedField,
  cursor: Encode,
): { key: string; encode: Encode } {
  if (field.name === "cursor") return { key: field.key, encode: cursor };
  if (field.name === typeName) return { key: field.key, encode: () => quoted(`${noun.name}Edge`) };
  const parts = place.thing(place, noun, alias, childrenOf(field));
  return { key: field.key, encode: (row, run) => write(parts, row, run) };
}

function pageInfoWriter({ fields }: Selection, form: PageForm, cursor: Encode): WritePage {
  return ({ items, more }, run) => {
    const [first, last] = [items[0], items.at(-1)];
    const values: Readonly<Record<string, () => string>> = {
      hasNextPage: () => String(form.backward ? form.before : more),
      hasPreviousPage: () => String(form.backward ? more : form.after),
      startCursor: () => (first ? cursor(first, run) : "null"),
      endCursor: () => (last ? cursor(last, run) : "null"),
      [typeName]: () => quoted("PageInfo"),
    };
    return `{${fields.map(({ name, key }) => `${JSON.stringify(key)}:${values[name]?.() ?? "null"}`).join(",")}}`;
  };
}

function cursorWriter({ noun, alias, form }: PageAt, level: Level, id: number): Encode {
  const column = form.order.column(alias);
  const key = level.cell(form.order.type === "instant" ? `${column} at time zone 'UTC'` : column);
  const list = listOf(noun, form);
  return (row, run) => `"${run.cursors.write(run.orgId, list, row[key] ?? "", row[id] ?? "")}"`;
}
