import type { Decode, Many, Noun, Row, Run } from "./noun";
import { filterOf, pageForm, pageSize, type PageForm } from "./page";
import { argumentOf, argumentsOf, assemble, childrenOf, foldRows, noteGate, unfold, type Place } from "./place";
import type { SelectedField, Selection } from "./selection";
import { Level } from "./writer";

/** Writes a list in pages: joined where the level may branch, else folded into a cell. */
export function planPage(place: Place, link: Many, row: string, field: SelectedField): Decode {
  const { writer, level, run } = place;
  const noun = place.nounOf(link.noun);
  noteGate(place, link.gate, field);
  const form = pageForm(link, argumentsOf(field, run));
  const page: PageAt = { place, noun, alias: writer.alias(noun.name), form, field, wanted: wantedOf(field) };
  const filtered = `${link.from(page.alias, row, writer.bind, argumentOf(field))}${filters(page, link)}`;
  const count = page.wanted.totalCount === undefined ? undefined : planCount(place, filtered);
  const total = (cells: Row) => (count === undefined ? null : Number(cells[count]));
  const sizeOf = (run: Run) => pageSize(argumentsOf(field, run));
  // Whether the page's size is right is asked before the statement is sent, also where only the count is wanted.
  const limit = writer.bind((run) => sizeOf(run) + 1);
  const select = `select ${page.alias}.* from ${filtered}${bounds(page)} order by ${orderBy(page)} limit ${limit}`;

  if (level.takeBranch()) {
    level.joins.push(`left join lateral (${select}) ${page.alias} on true`);
    level.orderBy = orderBy(page);
    const read = pageReader(page, level);
    return (cells, run) => read(run.rows, run, sizeOf(run), total(cells));
  }
  const inner = new Level(false);
  const read = pageReader(page, inner);
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

/** What of a page is asked for. */
interface Wanted {
  readonly nodes: SelectedField | undefined;
  readonly edges: SelectedField | undefined;
  readonly pageInfo: SelectedField | undefined;
  readonly totalCount: string | undefined;
}

function wantedOf(field: SelectedField): Wanted {
  const find = (name: string) => childrenOf(field).fields.find((child) => child.name === name);
  return {
    nodes: find("nodes"),
    edges: find("edges"),
    pageInfo: find("pageInfo"),
    totalCount: find("totalCount")?.key,
  };
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
    const typed = form.order.type === "instant" ? `${key}::timestamp at time zone 'UTC'` : `${key}::text`;
    const sign = (argument === "after") === Boolean(form.order.descending) ? "<" : ">";
    return ` and (${form.order.column(alias)}, ${noun.key(alias)}) ${sign} (${typed}, ${id}::uuid)`;
  };
  return `${form.after ? bound("after") : ""}${form.before ? bound("before") : ""}`;
}

/** A cursor belongs to one kind of list in one order. */
function listOf(noun: Noun, form: PageForm): string {
  return `${noun.name} ${form.orderName}`;
}

type CursorOf = (row: Row, run: Run) => string;

function pageReader(page: PageAt, level: Level) {
  const { noun, alias, form, wanted } = page;
  const place: Place = { ...page.place, level };
  const id = level.cell(noun.key(alias));
  const cursor = wanted.edges || wanted.pageInfo ? cursorWriter(page, level, id) : () => "";

  const ofNodes = wanted.nodes && {
    key: wanted.nodes.key,
    parts: place.thing(place, noun, alias, childrenOf(wanted.nodes)),
  };
  const ofEdges = wanted.edges && {
    key: wanted.edges.key,
    parts: childrenOf(wanted.edges).fields.map((field) => planEdge(place, noun, alias, field, cursor)),
  };
  const ofPage = wanted.pageInfo && {
    key: wanted.pageInfo.key,
    read: pageInfoReader(childrenOf(wanted.pageInfo), form, cursor),
  };

  return (rows: readonly Row[], run: Run, size: number, total: number | null): Readonly<Record<string, unknown>> => {
    // A list that is joined to its owner gives one row without an item where it is empty.
    const found = rows[0]?.[id] == null ? [] : rows;
    const items = found.slice(0, size);
    if (form.backward) items.reverse();
    const answer: Record<string, unknown> = {};
    if (ofNodes) answer[ofNodes.key] = items.map((row) => assemble(ofNodes.parts, row, run));
    if (ofEdges) answer[ofEdges.key] = items.map((row) => assemble(ofEdges.parts, row, run));
    if (ofPage) answer[ofPage.key] = ofPage.read(items, found.length > size, run);
    if (wanted.totalCount !== undefined) answer[wanted.totalCount] = total;
    return answer;
  };
}

function cursorWriter({ noun, alias, form }: PageAt, level: Level, id: number): CursorOf {
  const column = form.order.column(alias);
  const key = level.cell(form.order.type === "instant" ? `${column} at time zone 'UTC'` : column);
  const list = listOf(noun, form);
  return (row, run) => run.cursors.write(run.orgId, list, row[key] ?? "", row[id] ?? "");
}

function planEdge(place: Place, noun: Noun, alias: string, field: SelectedField, cursor: CursorOf) {
  if (field.name === "cursor") return { key: field.key, decode: cursor };
  const parts = place.thing(place, noun, alias, childrenOf(field));
  return { key: field.key, decode: (row: Row, run: Run) => assemble(parts, row, run) };
}

function pageInfoReader({ fields }: Selection, form: PageForm, cursor: CursorOf) {
  return (items: readonly Row[], more: boolean, run: Run): Readonly<Record<string, unknown>> => {
    const [first, last] = [items[0], items.at(-1)];
    const values: Readonly<Record<string, () => unknown>> = {
      hasNextPage: () => (form.backward ? form.before : more),
      hasPreviousPage: () => (form.backward ? more : form.after),
      startCursor: () => (first ? cursor(first, run) : null),
      endCursor: () => (last ? cursor(last, run) : null),
    };
    return Object.fromEntries(fields.map(({ name, key }) => [key, values[name]?.() ?? null]));
  };
}
