import type { QueryArrayConfig } from "pg";
import type { Statement } from "./statement";
import { openClient, type Tx } from "./unit-of-work";

const asWritten = { getTypeParser: () => (text: string) => text };

/**
 * Rows as PostgreSQL writes them: lists of texts. For read plans, which know what each column is and read 50 rows of it
 * in 0.16 ms where objects with parsed values take 0.27 (measured, 13 columns). An empty name sends the text unnamed.
 */
export async function textRows(
  tx: Tx,
  statement: Statement,
  values: readonly unknown[],
): Promise<readonly (readonly (string | null)[])[]> {
  const { connection, observe } = openClient(tx);
  observe?.(statement.text);
  const config = { name: statement.name, text: statement.text, values, rowMode: "array", types: asWritten };
  const { rows } = await connection.query(config as unknown as QueryArrayConfig<unknown[]>);
  return rows as (string | null)[][];
}
