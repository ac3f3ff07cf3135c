import { refuse } from "../errors/refuse";
import { limits } from "./limits";

/** Far more than a selection and a literal of the allowed depth can have, far less than the parser's stack bears. */
const nestingMax = 64;

/**
 * Looks at a document before it is parsed: the parser goes down a level with each bracket, and 2,000 tokens of them are
 * enough to use up the stack (attack row 18).
 * @throws GraphQLError `OPERATION_TOO_COMPLEX`
 */
export function checkNesting(source: unknown): void {
  if (typeof source !== "string") return;
  let depth = 0;
  let deepest = 0;
  let brackets = 0;
  for (let i = 0; i < source.length; i++) {
    switch (source[i]) {
      case "{":
      case "[":
      case "(":
        brackets += 1;
        depth += 1;
        if (depth > deepest) deepest = depth;
        break;
      case "}":
      case "]":
      case ")":
        brackets += 1;
        depth -= 1;
        break;
      case '"':
        i = endOfText(source, i);
        break;
      case "#":
        i = orEnd(source, source.indexOf("\n", i));
        break;
    }
  }
  if (deepest <= nestingMax) return;
  const limit = brackets > limits.tokens ? "tokens" : "depth";
  throw refuse("OPERATION_TOO_COMPLEX", `the document nests ${deepest} brackets`, { limit });
}

// Brackets in a text or a comment mean nothing.
function endOfText(source: string, start: number): number {
  if (source.startsWith('"""', start)) {
    let end = source.indexOf('"""', start + 3);
    while (end > 0 && source[end - 1] === "\\") end = source.indexOf('"""', end + 3);
    return orEnd(source, end < 0 ? end : end + 2);
  }
  let i = start + 1;
  while (i < source.length && source[i] !== '"' && source[i] !== "\n") i += source[i] === "\\" ? 2 : 1;
  return i;
}

function orEnd(source: string, found: number): number {
  return found < 0 ? source.length : found;
}
