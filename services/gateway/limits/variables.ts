import { isWellFormed } from "../../kernel/text";
import { refuse } from "../errors/refuse";
import { limits } from "./limits";

const prototypeKeys = ["__proto__", "constructor", "prototype"] as const;

/**
 * Looks through the variables of a request before anything reads them: bounded depth and number of values, no text that
 * the database cannot store; keys that could reach a prototype are dropped (attack rows 17, 19, 20, 21).
 * @throws GraphQLError `BAD_USER_INPUT`
 */
export function checkVariables(variables: unknown): void {
  // A stack of our own: 100,000 nested arrays must not use up the call stack.
  const open: { value: unknown; depth: number }[] = [{ value: variables, depth: 0 }];
  let nodes = 0;
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { value, depth } = next;
    if (++nodes > limits.variableNodes) throw tooMuch(`more than ${limits.variableNodes} values`);
    if (typeof value === "string") checkText(value);
    if (typeof value !== "object" || value === null) continue;
    if (depth > limits.variableDepth) throw tooMuch(`values nested more than ${limits.variableDepth} deep`);
    if (Array.isArray(value)) {
      if (value.length > limits.variableList) throw tooMuch(`a list of more than ${limits.variableList} values`);
      for (const item of value) open.push({ value: item, depth: depth + 1 });
      continue;
    }
    for (const key of prototypeKeys) {
      if (Object.hasOwn(value, key)) Reflect.deleteProperty(value, key);
    }
    for (const [key, item] of Object.entries(value)) {
      checkText(key);
      open.push({ value: item, depth: depth + 1 });
    }
  }
}

function checkText(text: string): void {
  if (!text.includes("\u0000") && isWellFormed(text)) return;
  throw refuse("BAD_USER_INPUT", "a text in the variables holds a character that cannot be stored", {});
}

function tooMuch(what: string): Error {
  return refuse("BAD_USER_INPUT", `the variables hold ${what}`, { limit: "variables" });
}
