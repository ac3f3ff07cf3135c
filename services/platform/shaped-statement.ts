import { statement, type Statement } from "./statement";

const namedMax = 200;
const named = new Map<string, Statement>();

/**
 * A statement whose text depends on the shape of a request (a filter, an order), never on its values. The first shapes
 * get a name and are planned once per connection; the rest are parsed each time, so that a client who thinks up shapes
 * cannot fill the server's memory with prepared statements.
 */
export function shapedStatement(label: string, text: string): Statement {
  const known = named.get(text);
  if (known) return known;
  if (named.size >= namedMax) return { name: "", text };
  const made = statement(label, text);
  named.set(text, made);
  return made;
}
