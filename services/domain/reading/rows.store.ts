import type { Statement } from "../../platform/statement";
import { statement } from "../../platform/sql";
import { textRows } from "../../platform/text-rows";
import type { Tx } from "../../platform/unit-of-work";
import type { Row } from "./noun";

const usesBeforeNaming = 3;
const namedMax = 200;
const countedMax = 2_000;

const named = new Map<string, Statement>();
const uses = new Map<string, number>();

/**
 * Sends a compiled read. The texts come from clients' selections without bound, and a connection keeps every named
 * statement until it ends, so only a text that comes back gets a name, and only the first 200 such texts do.
 */
export async function findRows(tx: Tx, text: string, values: readonly unknown[]): Promise<readonly Row[]> {
  return textRows(tx, named.get(text) ?? countUse(text), values);
}

function countUse(text: string): Statement {
  const count = (uses.get(text) ?? 0) + 1;
  if (count >= usesBeforeNaming && named.size < namedMax) {
    const made = statement("read", text);
    uses.delete(text);
    named.set(text, made);
    return made;
  }
  if (uses.size >= countedMax) uses.delete(uses.keys().next().value as string);
  uses.set(text, count);
  return { name: "", text };
}
