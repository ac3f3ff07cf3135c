import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { printSdl } from "../../services/gateway/sdl";
import { describeSchema } from "../../services/platform/migrate/describe-schema";
import { schemaFiles } from "../../services/scim/generate-schemas";
import { connect, testDatabase } from "../support/database";

const root = join(__dirname, "../..");

/** Compares a committed file with what the code makes; `npm run generate` writes it instead. */
function expectGenerated(path: string, text: string): void {
  const file = join(root, path);
  if (process.env.PLENUM_GENERATE === "1") {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  const committed = existsSync(file) ? readFileSync(file, "utf8") : "";
  expect(committed).toBe(text);
}

test("schema/database.sql is what all migrations make", async () => {
  const client = await connect((await testDatabase()).ownerUrl);

  expectGenerated("schema/database.sql", await describeSchema(client));
});

test("SCIM-054: schema/scim holds the published schemas of the attribute table", () => {
  for (const [name, text] of schemaFiles()) expectGenerated(`schema/scim/${name}`, text);
});

test("GQL-14: schema/plenum.graphql is the schema that clients are served", () => {
  expectGenerated("schema/plenum.graphql", printSdl());
});
