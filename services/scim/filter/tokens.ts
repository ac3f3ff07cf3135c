import { invalidFilter, shown } from "../refusal";
import { limits } from "../limits";

/** A piece of a filter: a word (attribute, operator, literal), a JSON string with its value, a bracket. */
export type Token =
  | { readonly kind: "word"; readonly text: string }
  | { readonly kind: "string"; readonly value: string }
  | { readonly kind: "bracket"; readonly text: "(" | ")" | "[" | "]" };

// A word ends at blank, bracket or quote. Behind ']' it may begin with the dot of a sub-attribute.
const piece = /\s*(?:([()[\]])|("(?:[^"\\]|\\.)*")|([^\s()[\]"]+))/suy;

/**
 * Cuts a filter into tokens. Strings are decoded here as the JSON that they are: scim2-parse-filter 0.2.10 leaves
 * \uXXXX undecoded and doubles an escaped backslash (measured).
 */
export function tokensOf(filter: string): Token[] {
  checkSize(filter);
  const tokens: Token[] = [];
  let depth = 0;
  piece.lastIndex = 0;
  const end = filter.trimEnd().length;
  while (piece.lastIndex < end) {
    const from = piece.lastIndex;
    const match = piece.exec(filter);
    if (!match) throw invalidFilter(`the filter cannot be read at ${shown(filter.slice(from))}`);
    const token = tokenOf(match);
    tokens.push(token);
    if (token.kind === "bracket") depth += token.text === "(" || token.text === "[" ? 1 : -1;
    if (depth > limits.filterDepth) throw invalidFilter(`the filter nests deeper than ${limits.filterDepth} brackets`);
  }
  if (tokens.length === 0) throw invalidFilter("the filter is empty");
  return tokens;
}

// Checked before anything parses: the library overflows the stack near 5,000 parentheses (SCIM-115).
function checkSize(filter: string): void {
  if (filter.length > limits.filterCharacters) {
    throw invalidFilter(`the filter has ${filter.length} characters, at most ${limits.filterCharacters} are allowed`);
  }
}

function tokenOf([, bracket, quoted, word]: RegExpExecArray): Token {
  if (bracket !== undefined) return { kind: "bracket", text: bracket as "(" | ")" | "[" | "]" };
  if (quoted !== undefined) return { kind: "string", value: decode(quoted) };
  return { kind: "word", text: word as string };
}

function decode(quoted: string): string {
  try {
    // A raw line break or tab inside the quotes is no JSON, but it can only mean itself.
    const escaped = quoted.replace(/[\u0000-\u001f]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`);
    return JSON.parse(escaped) as string;
  } catch {
    throw invalidFilter(`${shown(quoted)} is no JSON string`);
  }
}
