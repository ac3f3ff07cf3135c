import { parse, type Filter as Syntax } from "scim2-parse-filter";
import type { Dialect } from "../dialects";
import { limits } from "../limits";
import { invalidFilter, shown } from "../refusal";
import type { Trail } from "../trail";
import { tokensOf, type Token } from "./tokens";

type Scalar = string | number | boolean | null;

/** The form of a filter before it is held against the attribute table. */
export type Tree =
  | { readonly kind: "and" | "or"; readonly parts: readonly Tree[] }
  | { readonly kind: "not"; readonly part: Tree }
  | { readonly kind: "compare"; readonly path: string; readonly op: string; readonly literal: Scalar }
  | { readonly kind: "present"; readonly path: string }
  | { readonly kind: "element"; readonly path: string; readonly part: Tree };

const comparisons: ReadonlySet<string> = new Set(["eq", "ne", "co", "sw", "ew", "gt", "ge", "lt", "le"]);
const connectives: ReadonlySet<string> = new Set(["and", "or", "not"]);

/**
 * Parses a filter (RFC 7644 §3.4.2.2). scim2-parse-filter does the grammar and the precedence; around it we decode the
 * strings, keep a condition behind `]` on its element (SCIM-113), let `$ref` through and count the nodes (SCIM-115).
 */
export function parseFilter(filter: string, dialect: Dialect, trail: Trail): Tree {
  const plain = withPlainWords(tokensOf(filter), dialect, trail);
  const tokens = plain.some((token) => token.kind === "bracket") ? linked(plain) : plain;
  checkNodes(tokens);
  checkNots(tokens);
  const single = comparisonOf(tokens);
  if (single) return single;
  const literals: Scalar[] = [];
  const text = tokens.map((token, i) => forLibrary(token, tokens[i - 1], literals)).join(" ");
  return toTree(parsed(text, filter), literals);
}

// What identity providers send all day, `userName eq "…"`, has no grammar to speak of.
function comparisonOf(tokens: readonly Token[]): Tree | undefined {
  const [path, op, literal] = tokens;
  if (tokens.length !== 3 || path?.kind !== "word" || !isComparison(op) || literal?.kind !== "string") return undefined;
  if (path.text.toLowerCase() === "not" || !/^[A-Za-z][\w.:$-]*$/.test(path.text)) return undefined;
  return { kind: "compare", path: path.text, op: (op as { text: string }).text.toLowerCase(), literal: literal.value };
}

function parsed(text: string, filter: string): Syntax {
  try {
    return parse(text);
  } catch {
    throw invalidFilter(`the filter ${shown(filter)} does not parse`);
  }
}

/** `active eq True`: Okta and Ping send words as a person would type them. Other bare words stay refused. */
function withPlainWords(tokens: readonly Token[], { bareWords }: Dialect, trail: Trail): Token[] {
  return tokens.map((token, i) => {
    if (token.kind !== "word" || !isComparison(tokens[i - 1])) return token;
    const plain = token.text.toLowerCase();
    if (!bareWords || token.text === plain || (plain !== "true" && plain !== "false")) return token;
    trail.coerce("filter", "bareWords", token.text, plain === "true");
    return { kind: "word", text: plain };
  });
}

/**
 * `a[F].b op v` becomes `a[(F) and b op v]`: Entra's form, which means the same element (SCIM-113). The library turns
 * it into two independent conditions.
 */
function linked(tokens: readonly Token[]): Token[] {
  const out: Token[] = [];
  const opened: number[] = [];
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i] as Token;
    const next = tokens[i + 1];
    if (isBracket(token, "[")) opened.push(out.length);
    const from = isBracket(token, "]") ? opened.pop() : undefined;
    if (from === undefined || next?.kind !== "word" || !next.text.startsWith(".")) {
      out.push(token);
      continue;
    }
    const length =
      tokens[i + 2]?.kind === "word" && (tokens[i + 2] as { text: string }).text.toLowerCase() === "pr" ? 2 : 3;
    const condition = tokens.slice(i + 2, i + 1 + length);
    out.splice(from + 1, 0, { kind: "bracket", text: "(" });
    out.push({ kind: "bracket", text: ")" }, { kind: "word", text: "and" });
    out.push({ kind: "word", text: next.text.slice(1) }, ...condition, token);
    i += length;
  }
  return out;
}

function isBracket(token: Token, text: string): boolean {
  return token.kind === "bracket" && token.text === text;
}

function checkNodes(tokens: readonly Token[]): void {
  const isNode = ({ text }: { text: string }) => {
    const word = text.toLowerCase();
    return comparisons.has(word) || connectives.has(word) || word === "pr";
  };
  const nodes = tokens.filter((token) => token.kind === "word" && isNode(token)).length;
  if (nodes > limits.filterNodes)
    throw invalidFilter(`the filter has ${nodes} conditions, at most ${limits.filterNodes} are allowed`);
}

// The grammar writes not "(" FILTER ")"; the library takes any expression.
function checkNots(tokens: readonly Token[]): void {
  tokens.forEach((token, i) => {
    const before = tokens[i - 1];
    const isOperator = before?.kind !== "word" || connectives.has(before.text.toLowerCase());
    if (token.kind !== "word" || token.text.toLowerCase() !== "not" || !isOperator) return;
    const next = tokens[i + 1];
    if (!next || !isBracket(next, "(")) throw invalidFilter('"not" must be followed by parentheses');
  });
}

// A literal goes through the library as its number, so that nothing in it can be mistaken or altered there: it also
// refuses a negative number before a blank.
function forLibrary(token: Token, before: Token | undefined, literals: Scalar[]): string {
  if (token.kind === "string") return `"${literals.push(token.value) - 1}"`;
  if (token.kind === "bracket") return token.text;
  const literal = isComparison(before) ? plainLiteral(token.text) : undefined;
  return literal === undefined ? token.text.replace(/\$ref$/i, refWord) : `"${literals.push(literal) - 1}"`;
}

function isComparison(token: Token | undefined): boolean {
  return token?.kind === "word" && comparisons.has(token.text.toLowerCase());
}

function plainLiteral(word: string): Scalar | undefined {
  try {
    return JSON.parse(word) as Scalar;
  } catch {
    return undefined;
  }
}

const refWord = "plenum-ref";

function toTree(syntax: Syntax, literals: readonly Scalar[]): Tree {
  switch (syntax.op) {
    case "and":
    case "or":
      return { kind: syntax.op, parts: (syntax as { filters: Syntax[] }).filters.map((f) => toTree(f, literals)) };
    case "not":
      return { kind: "not", part: toTree((syntax as { filter: Syntax }).filter, literals) };
    case "[]": {
      const { attrPath, valFilter } = syntax as { attrPath: string; valFilter: Syntax };
      return { kind: "element", path: pathOf(attrPath), part: toTree(valFilter, literals) };
    }
    case "pr":
      return { kind: "present", path: pathOf((syntax as { attrPath: string }).attrPath) };
    default: {
      const { attrPath, op, compValue } = syntax as { attrPath: string; op: string; compValue: unknown };
      // What is no literal of ours was a bare word that happens to be JSON.
      const literal = typeof compValue === "string" ? literals[Number(compValue)] : undefined;
      return { kind: "compare", path: pathOf(attrPath), op, literal: literal ?? null };
    }
  }
}

function pathOf(word: string): string {
  return word.replace(new RegExp(`${refWord}$`, "i"), "$ref");
}
