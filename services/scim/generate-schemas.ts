import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { schemas } from "./attributes/registry";
import { schemaDocument } from "./discovery";

/** The published schemas by file name, as they stand in `schema/scim`; a house test compares them. */
export function schemaFiles(): ReadonlyMap<string, string> {
  return new Map(
    schemas.map((schema) => [`${schema.name}.json`, `${JSON.stringify(schemaDocument(schema), null, 2)}\n`]),
  );
}

// `npm run build && node dist/services/scim/generate-schemas.js`
if (require.main === module) {
  const folder = join(process.cwd(), "schema", "scim");
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of schemaFiles()) writeFileSync(join(folder, name), text);
}
