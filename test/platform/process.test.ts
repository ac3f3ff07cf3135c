import { chmodSync, mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readPostmasterFile } from "../../services/platform/embedded/orphan";
import { isAlive } from "../../services/platform/embedded/processes";
import { migrate } from "../../services/platform/migrate";
import { budgetMs, build, run, until, type Child } from "../support/child";
import { closeAfterFile, connect, freshDatabase } from "../support/database";
import { DatabaseProxy } from "../support/proxy";

beforeAll(build, 60_000);

function dataDir(): string {
  const folder = mkdtempSync(join(tmpdir(), "plenum-process-"));
  // As a checkout is: the user that a root start hands PostgreSQL to may pass.
  chmodSync(folder, 0o755);
  closeAfterFile(async () => rmSync(folder, { recursive: true, force: true }));
  return join(folder, "data");
}

interface Started {
  readonly child: Child;
  readonly url: string;
  readonly ms: number;
}

function launch(env: Record<string, string>): Child {
  return run("dist/services/main.js", [], { env: { PORT: "0", PLENUM_DEMO: "false", ...env }, detached: true });
}

async function start(env: Record<string, string>): Promise<Started> {
  const began = performance.now();
  const child = launch(env);
  const url = await child.line((line) => /^ {2}Health +(http:\/\/\S+)\/readyz$/.exec(line)?.[1]);
  return { child, url, ms: performance.now() - began };
}

async function status(url: string): Promise<{ status: number; ms: number; headers: Headers; body: unknown }> {
  const began = performance.now();
  const answer = await fetch(url);
  const body: unknown = (answer.headers.get("content-type") ?? "").includes("json")
    ? await answer.json()
    : await answer.text();
  return { status: answer.status, ms: performance.now() - began, headers: answer.headers, body };
}

const logged = (child: Child): Record<string, unknown>[] =>
  child.lines.filter((line) => line.startsWith("{")).map((line) => JSON.parse(line) as Record<string, unknown>);

test("DB-01, GQL-08: one command from nothing to ready, Ctrl-C to exit code 0, and the next start is quick", async () => {
  const folder = dataDir();
  const first = await start({ PLENUM_DATA_DIR: folder });
  expect(first.ms).toBeLessThan(budgetMs(15_000));
  expect((await status(`${first.url}/healthz`)).status).toBe(200);
  expect((await status(`${first.url}/readyz`)).body).toEqual({ status: "ready" });
  expect((await status(`${first.url}/metrics`)).body).toContain("plenum_build_info");
  expect((await status(`${first.url}/nowhere`)).status).toBe(404);
  const server = readPostmasterFile(join(folder, "pg"))?.pid as number;
  // As a terminal does it: to the whole group; npm hands the signal on once more.
  process.kill(-first.child.pid, "SIGINT");
  first.child.process.kill("SIGINT");
  expect(await first.child.ended).toEqual({ code: 0, signal: null });
  expect(isAlive(server)).toBe(false);
  expect(readFileSync(join(folder, "postgres.log"), "utf8")).toContain("database system is shut down");
  expect(first.child.stderr).toBe("");

  const second = await start({ PLENUM_DATA_DIR: folder });
  expect(second.ms).toBeLessThan(budgetMs(4_000));
  second.child.process.kill("SIGTERM");
  expect((await second.child.ended).code).toBe(0);
}, 60_000);

test("DB-05, REL-01: after kill -9 of the process the next start is ready again", async () => {
  const folder = dataDir();
  const first = await start({ PLENUM_DATA_DIR: folder });
  first.child.process.kill("SIGKILL");
  await first.child.ended;
  const second = await start({ PLENUM_DATA_DIR: folder });
  expect(second.ms).toBeLessThan(budgetMs(10_000));
  expect((await status(`${second.url}/readyz`)).status).toBe(200);
  second.child.process.kill("SIGTERM");
  expect((await second.child.ended).code).toBe(0);
}, 60_000);

test("SEC-11: with the master key lost a start refuses in one line, and the old file mends it", async () => {
  const folder = dataDir();
  const first = await start({ PLENUM_DATA_DIR: folder });
  first.child.process.kill("SIGTERM");
  expect((await first.child.ended).code).toBe(0);
  const file = join(folder, "secret.key");
  renameSync(file, `${file}.lost`);
  const second = launch({ PLENUM_DATA_DIR: folder });
  expect((await second.ended).code).toBe(1);
  expect(second.stderr).toMatch(/^plenum: the master key is not the one that sealed .*\n$/);
  renameSync(`${file}.lost`, file);
  const third = await start({ PLENUM_DATA_DIR: folder });
  expect((await status(`${third.url}/readyz`)).status).toBe(200);
  third.child.process.kill("SIGTERM");
  await third.child.ended;
}, 60_000);

test("DB-04: a second start says which process is in the way, in one line, with exit code 1", async () => {
  const folder = dataDir();
  const first = await start({ PLENUM_DATA_DIR: folder });
  const second = launch({ PLENUM_DATA_DIR: folder });
  expect((await second.ended).code).toBe(1);
  expect(second.stderr).toBe(
    `plenum: ${folder} is in use by process ${first.child.pid}. Stop that one first, or set PLENUM_DATA_DIR to another folder.\n`,
  );
  first.child.process.kill("SIGTERM");
  await first.child.ended;
}, 60_000);

test("OPS-30: a wrong environment stops the start with one message that names every variable", async () => {
  const child = launch({ PORT: "many", LOG_LEVEL: "loud", PLENUM_DOORS: "window" });
  expect((await child.ended).code).toBe(1);
  expect(child.stderr).toMatch(
    /^plenum: the configuration has 3 problems:\n {2}LOG_LEVEL: .*\n {2}PLENUM_DOORS: .*\n {2}PORT: .*\n$/,
  );
  expect(child.lines).toEqual([]);
});

test("OPS-30: a port that is taken is told in words", async () => {
  const first = await start({ PLENUM_DATA_DIR: dataDir() });
  const second = launch({ PLENUM_DATA_DIR: dataDir(), PORT: new URL(first.url).port });
  expect((await second.ended).code).toBe(1);
  expect(second.stderr).toMatch(/^plenum: listen EADDRINUSE: address already in use 127\.0\.0\.1:\d+\n$/);
  first.child.process.kill("SIGTERM");
  await first.child.ended;
}, 60_000);

test("GQL-08: a second signal a moment later stops at once, and PostgreSQL ends by itself", async () => {
  const folder = dataDir();
  const database = dataDir();
  // In production the end takes five seconds before anything is closed; that is the moment of the second signal.
  const env = { NODE_ENV: "production", PLENUM_SECRET_KEY: "x".repeat(32), PLENUM_DATA_DIR: folder, TMPDIR: database };
  const { child, url } = await start(env);
  const server = readPostmasterFile(join(folder, "pg"))?.pid as number;
  child.process.kill("SIGTERM");
  expect(await until(async () => (await status(`${url}/readyz`)).status === 503, 1_000)).toBe(true);
  expect((await status(`${url}/livez`)).status).toBe(200);
  await new Promise((done) => setTimeout(done, 700));
  const began = performance.now();
  child.process.kill("SIGTERM");
  expect((await child.ended).code).toBe(130);
  expect(performance.now() - began).toBeLessThan(1_000);
  expect(await until(() => !isAlive(server), 10_000)).toBe(true);
}, 60_000);

test("OPS-03: the level of the log changes while the process runs", async () => {
  const { child, url } = await start({ PLENUM_DATA_DIR: dataDir(), LOG_LEVEL: "warn" });
  await status(`${url}/nowhere`);
  child.process.kill("SIGUSR2");
  expect(await until(() => logged(child).some((line) => line["logLevel"] === "debug"), 2_000)).toBe(true);
  await status(`${url}/healthz`);
  expect(await until(() => logged(child).some((line) => line["path"] === "/healthz"), 2_000)).toBe(true);
  expect(logged(child).some((line) => line["path"] === "/nowhere")).toBe(false);
  child.process.kill("SIGUSR2");
  child.process.kill("SIGTERM");
  expect((await child.ended).code).toBe(0);
}, 60_000);

describe("REL-21: a given database", () => {
  test("REL-21, OPS-10: not migrated it is not ready and refuses; migrated it is; lost and found again within two seconds", async () => {
    const database = await freshDatabase("template0");
    const proxy = await DatabaseProxy.open(database.superUrl.host as string);
    const env = {
      DATABASE_URL: proxy.url("plenum_app", database.name),
      PLENUM_DATA_DIR: dataDir(),
    };
    const child = launch(env);
    expect(await until(() => logged(child).some((line) => /not migrated/.test(String(line["msg"]))), 15_000)).toBe(
      true,
    );
    const port = Number(logged(child).find((line) => line["msg"] === "listening")?.["port"]);
    const url = `http://127.0.0.1:${port}`;
    expect((await status(`${url}/livez`)).status).toBe(200);
    expect((await status(`${url}/readyz`)).body).toEqual({ status: "not ready", reasons: ["starting", "migrations"] });
    const refused = await status(`${url}/graphql`);
    expect([refused.status, refused.headers.get("retry-after")]).toEqual([503, "2"]);

    await migrate(database.ownerUrl, { appRole: "plenum_app" });
    expect(await until(async () => (await status(`${url}/readyz`)).status === 200, 5_000)).toBe(true);
    expect(await until(async () => (await status(`${url}/nowhere`)).status === 404, 20_000)).toBe(true);

    await proxy.cut();
    await new Promise((done) => setTimeout(done, 300));
    const lost = await status(`${url}/readyz`);
    expect([lost.status, lost.body]).toEqual([503, { status: "not ready", reasons: ["database"] }]);
    expect(lost.ms).toBeLessThan(2_000);
    expect((await status(`${url}/livez`)).status).toBe(200);
    expect(child.process.exitCode).toBe(null);

    await proxy.restore();
    const began = performance.now();
    expect(await until(async () => (await status(`${url}/readyz`)).status === 200, 5_000)).toBe(true);
    expect(performance.now() - began).toBeLessThan(2_000);
    child.process.kill("SIGTERM");
    expect((await child.ended).code).toBe(0);
  }, 60_000);

  test("REL-21: a start waits for a database that is not there yet", async () => {
    const database = await freshDatabase();
    const proxy = await DatabaseProxy.open(database.superUrl.host as string);
    await proxy.cut();
    const child = launch({ DATABASE_URL: proxy.url("plenum_app", database.name), PLENUM_DATA_DIR: dataDir() });
    expect(
      await until(() => logged(child).some((line) => /cannot be reached yet/.test(String(line["msg"]))), 15_000),
    ).toBe(true);
    await proxy.restore();
    await child.line((line) => (line.includes("Health") ? true : undefined));
    child.process.kill("SIGTERM");
    expect((await child.ended).code).toBe(0);
  }, 60_000);

  test("DB-40: a role that could pass row-level security is refused at the start, by name and reason", async () => {
    const database = await freshDatabase();
    const proxy = await DatabaseProxy.open(database.superUrl.host as string);
    const owner = launch({ DATABASE_URL: proxy.url("plenum_owner", database.name), PLENUM_DATA_DIR: dataDir() });
    expect((await owner.ended).code).toBe(1);
    expect(owner.stderr).toMatch(/^plenum: database role plenum_owner owns tables of tenants, so row-level security/);
    const superuser = launch({ DATABASE_URL: proxy.url("postgres", database.name), PLENUM_DATA_DIR: dataDir() });
    expect((await superuser.ended).code).toBe(1);
    expect(superuser.stderr).toMatch(/^plenum: database role postgres is or may become a superuser/);
  }, 60_000);

  test("REL-21, SEC-40: a role that the database does not know is told in one line, without waiting and without a stack", async () => {
    const database = await freshDatabase();
    const proxy = await DatabaseProxy.open(database.superUrl.host as string);
    const child = launch({ DATABASE_URL: proxy.url("nobody_here", database.name), PLENUM_DATA_DIR: dataDir() });
    expect((await child.ended).code).toBe(1);
    expect(child.stderr).toBe('plenum: role "nobody_here" does not exist\n');
  }, 60_000);

  test("SEC-40: the log of a whole life holds no password of the database", async () => {
    const database = await freshDatabase();
    const admin = await connect(database.superUrl);
    await admin.query("select 1");
    const proxy = await DatabaseProxy.open(database.superUrl.host as string);
    const withPassword = proxy.url("plenum_app", database.name).replace("plenum_app@", "plenum_app:hunter2hunter2@");
    const child = launch({ DATABASE_URL: withPassword, PLENUM_DATA_DIR: dataDir(), LOG_LEVEL: "trace" });
    await child.line((line) => (line.includes("Health") ? true : undefined));
    await proxy.cut();
    await new Promise((done) => setTimeout(done, 200));
    await proxy.restore();
    child.process.kill("SIGTERM");
    await child.ended;
    expect(child.lines.join("\n") + child.stderr).not.toContain("hunter2");
  }, 60_000);
});
