import { connect, testDatabase } from "../support/database";
import { testWorld } from "../support/world";

test("every entity's columns are the table's, with their types and what may be null", async () => {
  const { source } = await testWorld();
  const client = await connect((await testDatabase()).ownerUrl);

  expect(source.entityMetadatas.length).toBeGreaterThan(2);
  for (const entity of source.entityMetadatas) {
    const { rows } = await client.query<{ name: string; type: string; nullable: boolean }>(
      `select column_name as name, data_type as type, is_nullable = 'YES' as nullable
       from information_schema.columns where table_schema = 'public' and table_name = $1`,
      [entity.tableName],
    );
    const declared = entity.columns.map((column) => ({
      name: column.databaseName,
      type: String(column.type) === "timestamptz" ? "timestamp with time zone" : String(column.type),
      nullable: column.isNullable,
    }));
    const byName = (a: { name: string }, b: { name: string }) => (a.name < b.name ? -1 : 1);
    expect({ table: entity.tableName, columns: declared.sort(byName) }).toEqual({
      table: entity.tableName,
      columns: rows.sort(byName),
    });
    expect(entity.primaryColumns[0]?.databaseName).toBe("org_id");
  }
});
