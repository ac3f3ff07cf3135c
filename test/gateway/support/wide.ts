import {
  getNamedType,
  getNullableType,
  isCompositeType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isListType,
  isNonNullType,
  isObjectType,
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputField,
  type GraphQLObjectType,
} from "graphql";
import { findable, type FindableType } from "../../../services/gateway/roots";
import { plenumSchema } from "../../../services/gateway/schema/build";
import { idPrefixes, readId, type IdKind } from "../../../services/kernel/ids";

type Field = GraphQLField<unknown, unknown>;

/** One public id of each kind. */
export type IdsByKind = ReadonlyMap<IdKind, string>;

const query = plenumSchema().getQueryType() as GraphQLObjectType;

/** Every field of the query root. */
export const queryFields: readonly Field[] = Object.values(query.getFields());

/** Every type that `node` finds. */
export const nodeTypes = Object.keys(findable) as FindableType[];

// Which kind of id an argument takes, where its name does not say so; one that is not here fails the tests.
const kindOfArgument: Readonly<Record<string, IdKind>> = {
  memberId: "member",
  subscriptionId: "subscription",
  connectionId: "connection",
  actorId: "member",
  targetId: "member",
  templateId: "eventTypeTemplate",
  tokenId: "scimToken",
  entryId: "provisioningEntry",
};

function kindOf(field: Field, argument: string): IdKind {
  const type = getNamedType(field.type).name;
  if (argument === "id" && Object.hasOwn(findable, type)) return findable[type as FindableType].kind;
  const named = argument.replace(/Id$/, "");
  const plain = Object.hasOwn(idPrefixes, named) ? (named as IdKind) : undefined;
  const kind = argument === "id" || argument === "ids" ? "member" : (kindOfArgument[argument] ?? plain);
  if (!kind) throw new Error(`which kind of id does ${field.name}(${argument}) take? say it in support/wide.ts`);
  return kind;
}

const isPage = (field: Field) => field.args.some(({ name }) => name === "after");

/** The arguments that a field needs, as GraphQL writes them. */
function argumentsOf(field: Field, ids: IdsByKind, more = ""): string {
  const needed = field.args.filter(isNonNull).map((argument) => `${argument.name}: ${literal(field, argument, ids)}`);
  const all = [...(isPage(field) ? ["first: 2"] : []), ...needed, more].filter((text) => text !== "");
  return all.length === 0 ? "" : `(${all.join(", ")})`;
}

const isNonNull = ({ type }: GraphQLArgument | GraphQLInputField) => isNonNullType(type);

function literal(field: Field, { name, type }: GraphQLArgument | GraphQLInputField, ids: IdsByKind): string {
  const named = getNamedType(type);
  const one = () => {
    if (named.name === "ID") return JSON.stringify(ids.get(kindOf(field, name)) ?? "none");
    if (named.name === "Int") return "2";
    if (named.name === "Boolean") return "false";
    if (isEnumType(named)) return named.getValues()[0]?.name ?? "";
    if (!isInputObjectType(named)) return named.name === "DateTime" ? '"2026-01-01T00:00:00.000Z"' : '"x"';
    const inner = Object.values(named.getFields()).filter((f) => isNonNull(f) || f.name === "quantity");
    return `{ ${inner.map((f) => `${f.name}: ${literal(field, f, ids)}`).join(", ")} }`;
  };
  return isListType(getNullableType(type)) ? `[${one()}]` : one();
}

/** Everything that a field shows, `depth` things deep, every page two items long. */
export function wide(field: Field, ids: IdsByKind, depth = 2, more = ""): string {
  const type = getNamedType(field.type);
  const head = `${field.name}${argumentsOf(field, ids, more)}`;
  if (!isCompositeType(type)) return head;
  if (isInterfaceType(type)) return `${head} { __typename id }`;
  return `${head} ${selection(type, ids, depth)}`;
}

function selection(type: unknown, ids: IdsByKind, depth: number): string {
  if (!isObjectType(type)) return "";
  // What a page is made of costs no depth: it is one thing and its items.
  const isFrame = /(Connection|Edge)$/.test(type.name) && type.name !== "IdentityConnection";
  const fields = Object.values(type.getFields()).flatMap((field) => {
    const inner = getNamedType(field.type);
    if (isFrame && field.name === "edges") return ["edges { cursor }"];
    if (!isCompositeType(inner)) return [field.name];
    if (inner.name === "PageInfo") return ["pageInfo { startCursor endCursor }"];
    return depth > 0 ? [wide(field, ids, isFrame ? depth : depth - 1)] : [];
  });
  return `{ __typename ${fields.join(" ")} }`;
}

/** Everything that a node of one type shows, two things deep. */
export function wideNode(type: FindableType, ids: IdsByKind): string {
  return `query ($id: ID!) { node(id: $id) { __typename ... on ${type} ${selection(plenumSchema().getType(type), ids, 2)} } }`;
}

const cursors = ["after", "before"];

/** The places of arguments of some scalar, as paths of names: `filter.actorId`. */
export function places(field: Field, scalar: string, withCursors = false): string[][] {
  const left = withCursors ? [] : [...cursors, "ifVersion"];
  const within = ({ name, type }: GraphQLArgument | GraphQLInputField): string[][] => {
    const named = getNamedType(type);
    if (isInputObjectType(named)) {
      return Object.values(named.getFields()).flatMap((inner) => within(inner).map((path) => [name, ...path]));
    }
    return named.name === scalar && !left.includes(name) ? [[name]] : [];
  };
  return field.args.flatMap(within);
}

/** A document that puts one text into one place of a root field. */
export function withArgument(field: Field, path: readonly string[], ids: IdsByKind): string {
  const type = placeType(field, path);
  const value = path.slice(1).reduceRight((inner, name) => `{ ${name}: ${inner} }`, "$it");
  const [first = ""] = path;
  const given = field.args.find(({ name }) => name === first);
  const needed = field.args
    .filter((a) => a !== given && isNonNull(a))
    .map((a) => `${a.name}: ${literal(field, a, ids)}`);
  const named = given && getNamedType(given.type);
  const siblings = isInputObjectType(named)
    ? Object.values(named.getFields()).filter((f) => isNonNull(f) && f.name !== path[1])
    : [];
  const around = siblings.map((f) => `${f.name}: ${literal(field, f, ids)}, `).join("");
  const argument = `${first}: ${value.replace("{ ", `{ ${around}`)}`;
  const all = [...(isPage(field) ? ["first: 5"] : []), ...needed, argument].join(", ");
  const shown = wide({ ...field, args: [] }, ids, 1).slice(field.name.length);
  return `query ($it: ${type}) { ${field.name}(${all})${shown} }`;
}

function placeType(field: Field, path: readonly string[]): string {
  let fields: readonly (GraphQLArgument | GraphQLInputField)[] = field.args;
  let found: GraphQLArgument | GraphQLInputField | undefined;
  for (const name of path) {
    found = fields.find((one) => one.name === name);
    const named = found && getNamedType(found.type);
    fields = isInputObjectType(named) ? Object.values(named.getFields()) : [];
  }
  return found?.type.toString() ?? "ID";
}

/** A field, with those that lead there from the query root. */
export interface Place {
  readonly name: string;
  readonly path: readonly Field[];
}

/** Every list in pages that can be reached, each by its shortest way. */
export const pagedPlaces = (): Place[] => reachable(isPage);

/** Every field of its kind that can be reached, each by its shortest way. */
export function reachable(wanted: (field: Field) => boolean): Place[] {
  const found = new Map<string, Place>();
  const seen = new Set<string>();
  let ways: { type: GraphQLObjectType; path: readonly Field[] }[] = [{ type: query, path: [] }];
  while (ways.length > 0) {
    const next: typeof ways = [];
    for (const { type, path } of ways) {
      for (const field of Object.values(type.getFields())) {
        const way = [...path, field];
        if (wanted(field) && !found.has(`${type.name}.${field.name}`)) {
          found.set(`${type.name}.${field.name}`, { name: `${type.name}.${field.name}`, path: way });
        }
        const to = getNamedType(field.type);
        if (!isObjectType(to) || seen.has(to.name)) continue;
        seen.add(to.name);
        next.push({ type: to, path: way });
      }
    }
    ways = next;
  }
  return [...found.values()];
}

/** A document for one list in pages; with `$c` as the cursor behind which it begins. */
export function pageDocument({ path }: Place, ids: IdsByKind, withCursor: boolean): string {
  const last = path.length - 1;
  const text = path.reduceRight((inner, field, at) => {
    const more = at === last && withCursor ? "after: $c" : "";
    return `${field.name}${argumentsOf(field, ids, more)} { ${inner} }`;
  }, "edges { cursor }");
  return `query${withCursor ? " ($c: String)" : ""} { ${text} }`;
}

/** A document that puts one text, `$it`, into one place of a field, however deep the field stands. */
export function documentAt({ path }: Place, argument: readonly string[], ids: IdsByKind): string {
  const [, type = "", inner = ""] = /^query \(\$it: (\S+)\) \{ (.*) \}$/s.exec(
    withArgument(path.at(-1)!, argument, ids),
  )!;
  const page = argument[0] === "before" ? inner.replace("first: 5", "last: 5") : inner;
  const around = (inside: string, field: Field) => `${field.name}${argumentsOf(field, ids)} { ${inside} }`;
  return `query ($it: ${type}) { ${path.slice(0, -1).reduceRight(around, page)} }`;
}

/** Every public id in an answer, one of each kind and all of them. */
export function idsIn(text: string): { readonly all: ReadonlySet<string>; readonly byKind: IdsByKind } {
  const all = new Set([...text.matchAll(/"([a-z]{2,6}_[0-9a-z]{26})"/g)].map((match) => match[1] as string));
  const byKind = new Map<IdKind, string>();
  for (const id of all) {
    const kind = readId(id)?.kind;
    if (kind && !byKind.has(kind)) byKind.set(kind, id);
  }
  return { all, byKind };
}
