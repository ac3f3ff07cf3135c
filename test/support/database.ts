import { Client, type ClientConfig } from "pg";
import type { DataSource } from "typeorm";
import { openDataSource, type PoolOptions } from "../../services/platform/data-source";
import { appRole, databaseName, ownerRole } from "../../services/platform/embedded";
import type { PgTarget } from "../../services/platform/targets";

/** One database of the run's cluster, seen as each of its roles. */
export interface TestDatabase {
  readonly name: string;
  readonly appUrl: PgTarget;
  readonly ownerUrl: PgTarget;
  readonly superUrl: PgTarget;
}

const opened: (() => Promise<unknown>)[] = [];

/** Registers what is closed after the last test of the file. */
export function closeAfterFile(close: () => Promise<unknown>): void {
  opened.push(close);
}

/** Closes what the tests of one file have opened, last first. Called by jest's set-up file. */
export async function closeOpened(): Promise<void> {
  for (const close of opened.splice(0).reverse()) await close();
}

let own = "";

/** Gives this test file a database that no other file has filled: for tests of plans, which depend on all that is there. */
export function shareNoDatabase(): void {
  own = `_${Math.random().toString(36).slice(2)}`;
  closeAfterFile(() => asSuperuser((client) => client.query(`drop database if exists ${workerName()} with (force)`)));
}

const workerName = (): string => `worker_${process.env.JEST_WORKER_ID ?? "0"}${own}`;

/** The migrated database of this jest worker, cloned at its first use. Each test makes its own organization in it. */
export async function testDatabase(): Promise<TestDatabase> {
  const name = workerName();
  await cloneTemplate(name, databaseName);
  return databaseNamed(name);
}

/** A database of its own for a test that changes the schema or the roles; `template0` gives an empty one. */
export async function freshDatabase(template: typeof databaseName | "template0" = databaseName): Promise<TestDatabase> {
  const name = `fresh_${process.env.JEST_WORKER_ID ?? "0"}_${Math.random().toString(36).slice(2)}`;
  await cloneTemplate(name, template);
  closeAfterFile(() => asSuperuser((client) => client.query(`drop database ${name} with (force)`)));
  return databaseNamed(name);
}

/** TypeORM's data source on the worker's database as the application's role, closed after the file. */
export async function testSource(options: Partial<PoolOptions> = {}): Promise<DataSource> {
  const { appUrl } = await testDatabase();
  const source = await openDataSource({ target: appUrl, max: 10, applicationName: "plenum test", ...options });
  closeAfterFile(async () => source.isInitialized && source.destroy());
  return source;
}

/**
 * Lets PostgreSQL count what there is, before a test makes an organization that it will not have counted: the planner
 * then takes it for a very small one, which is what happens to every customer who imports on the first day.
 */
export async function countRows(): Promise<void> {
  const client = await connect((await testDatabase()).superUrl);
  await client.query("analyze");
}

/** A plain connection, closed after the file. */
export async function connect(target: PgTarget & ClientConfig): Promise<Client> {
  const client = new Client(target);
  client.on("error", () => undefined);
  await client.connect();
  closeAfterFile(() => client.end());
  return client;
}

function databaseNamed(name: string): TestDatabase {
  const as = (user: string): PgTarget => ({ host: socketDir(), port: 5432, user, database: name });
  return { name, appUrl: as(appRole), ownerUrl: as(ownerRole), superUrl: as("postgres") };
}

async function cloneTemplate(name: string, template: string): Promise<void> {
  await asSuperuser(async (client) => {
    const { rowCount } = await client.query("select from pg_database where datname = $1", [name]);
    if (rowCount === 0) await client.query(`create database ${name} template ${template} owner ${ownerRole}`);
    if (rowCount === 0 && template === "template0") await asOwnerOfPublic(name);
  });
}

// What the supervisor does for a database that it makes itself.
async function asOwnerOfPublic(name: string): Promise<void> {
  const client = new Client({ ...databaseNamed(name).superUrl });
  await client.connect();
  await client.query(`alter schema public owner to ${ownerRole}`);
  await client.end();
}

async function asSuperuser(work: (client: Client) => Promise<unknown>): Promise<void> {
  const client = new Client({ host: socketDir(), port: 5432, user: "postgres", database: "postgres" });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}

function socketDir(): string {
  const folder = process.env.PLENUM_TEST_SOCKET;
  if (folder === undefined) throw new Error("the test cluster is not running: start tests with `npx jest`");
  return folder;
}
