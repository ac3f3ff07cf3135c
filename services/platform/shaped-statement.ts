import { statement, type Statement } from "./statement";

const namedMax = 200;
const named = new Map<string, Statement>();

/**
 * A statement whose text depends on the shape of a request (a filter, an order), never on its values. The first shapes
 * get a name and are planned once per connection; the rest are parsed each time, so that a client who thinks up shapes
 * cannot fill the server's memory with prepared statements.
 * @param shape what the text depends on, shorter than the text itself: it is what is looked up by.
 */
export function shapedStatement(label: string, shape: string, make: () => string): Statement {
  const key = `${label}\n${shape}`;
  const known = named.get(key);
  if (known) return known;
  const made = statement(label, make());
  if (named.size >= namedMax) return { name: "", text: made.text };
  named.set(key, made);
  return made;
}
