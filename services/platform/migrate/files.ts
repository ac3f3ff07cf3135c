import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** One step of the schema, as written. */
export interface Migration {
  /** File name without ending: `0001-plumbing`. */
  readonly name: string;
  readonly sql: string;
  readonly checksum: string;
  /** False where the file asks for it: `create index concurrently` cannot run inside a transaction. */
  readonly inTransaction: boolean;
}

const shape = /^(\d{4})-[a-z0-9]+(?:-[a-z0-9]+)*\.sql$/;
const outsideMarker = "-- outside a transaction";

/** Reads the migrations of a folder in their order. */
export function readMigrations(folder: string = migrationsFolder()): Migration[] {
  const files = readdirSync(folder)
    .filter((file) => file.endsWith(".sql"))
    .sort();
  const numbers = new Set<string>();
  return files.map((file) => {
    const number = shape.exec(file)?.[1];
    if (number === undefined) throw new Error(`${file} is no name for a migration: expected 0001-name-of-it.sql`);
    if (numbers.has(number)) throw new Error(`two migrations have the number ${number}`);
    numbers.add(number);
    const sql = readFileSync(join(folder, file), "utf8");
    return {
      name: file.slice(0, -".sql".length),
      sql,
      // A checkout with other line ends is the same migration.
      checksum: createHash("sha256").update(sql.replace(/\r\n/g, "\n")).digest("hex"),
      inTransaction: !sql.startsWith(outsideMarker),
    };
  });
}

/** `schema/migrations` of the package, from dist/ as well as from the sources. */
export function migrationsFolder(): string {
  for (let folder = __dirname; folder !== dirname(folder); folder = dirname(folder)) {
    const candidate = join(folder, "schema", "migrations");
    if (existsSync(candidate)) return candidate;
  }
  throw new Error("schema/migrations is missing from this installation");
}
