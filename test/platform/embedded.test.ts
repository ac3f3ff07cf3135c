import {
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
  chmodSync,
  existsSync,
  realpathSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "pg";
import {
  attachEmbedded,
  DirectoryInUse,
  startEmbedded,
  type EmbeddedOptions,
  type EmbeddedServer,
} from "../../services/platform/embedded";
import { readPostmasterFile } from "../../services/platform/embedded/orphan";
import { birthMark, isAlive } from "../../services/platform/embedded/processes";
import type { PgTarget } from "../../services/platform/targets";
import { budgetMs, build, run, until, type Child } from "../support/child";
import { closeAfterFile } from "../support/database";

const asRoot = process.getuid?.() === 0;

beforeAll(build, 60_000);

function dataDir(under = tmpdir()): string {
  const folder = mkdtempSync(join(under, "plenum-embedded-"));
  chmodSync(folder, 0o711);
  closeAfterFile(async () => rmSync(folder, { recursive: true, force: true }));
  return join(folder, "data");
}

/** A server of this process, stopped after the file whatever its test does. */
async function startHere(options: EmbeddedOptions): Promise<EmbeddedServer> {
  const server = await startEmbedded(options);
  closeAfterFile(() => server.stop());
  return server;
}

function embeddedChild(options: object): Child {
  return run("test/support/embedded-child.cjs", [JSON.stringify(options)]);
}

interface Ready {
  readonly socketDir: string;
  readonly ms: number;
  readonly pid: number;
}

const told =
  <T>(name: string) =>
  (line: string): T | undefined => {
    // The last line of a killed process may be cut.
    if (!line.endsWith("}")) return undefined;
    return (JSON.parse(line) as Record<string, T>)[name];
  };
const ready = (child: Child): Promise<Ready> => child.line(told<Ready>("ready"));

async function ask<T>(target: PgTarget, text: string): Promise<T[]> {
  const client = new Client({ ...target, connectionTimeoutMillis: 3_000 });
  client.on("error", () => undefined);
  await client.connect();
  try {
    return (await client.query(text)).rows as T[];
  } finally {
    await client.end();
  }
}

const as = (socketDir: string, user = "plenum_owner"): PgTarget => ({
  host: socketDir,
  port: 5432,
  user,
  database: "plenum",
});

async function inTime(start: () => Promise<EmbeddedServer>): Promise<{ server: EmbeddedServer; ms: number }> {
  const began = performance.now();
  const server = await start();
  return { server, ms: performance.now() - began };
}

test("DB-01: nothing to ready within 5 s, again within 2 s: checksums, C.UTF-8 of PostgreSQL's own, socket only, 0700", async () => {
  const folder = dataDir();
  const first = await inTime(() => startHere({ dataDir: folder }));
  expect(first.ms).toBeLessThan(budgetMs(5_000));
  const [facts] = await ask(
    first.server.appUrl,
    `select current_setting('data_checksums') as checksums, current_setting('listen_addresses') as listens,
            current_setting('fsync') as fsync, current_setting('full_page_writes') as pages,
            current_setting('synchronous_commit') as commits, datlocprovider as provider, datlocale as locale,
            pg_encoding_to_char(encoding) as encoding,
            (select string_agg(extname, ',' order by extname) from pg_extension where extname <> 'plpgsql') as extensions
     from pg_database where datname = current_database()`,
  );
  expect(facts).toEqual({
    checksums: "on",
    listens: "",
    fsync: "on",
    pages: "on",
    commits: "on",
    provider: "b",
    locale: "C.UTF-8",
    encoding: "UTF8",
    extensions: "btree_gist,pg_trgm",
  });
  expect(statSync(join(folder, "pg")).mode & 0o777).toBe(0o700);
  expect(statSync(first.server.socketDir).mode & 0o777).toBe(0o700);
  expect(first.server.socketDir).toBe(join(folder, "socket"));
  await first.server.stop();

  const second = await inTime(() => startHere({ dataDir: folder }));
  expect(second.ms).toBeLessThan(budgetMs(2_000));
  await second.server.stop();
  expect(readPostmasterFile(join(folder, "pg"))).toBe(undefined);
});

test("DB-01: a data directory with a long path has its socket below the temporary folder", async () => {
  const folder = join(dataDir(), "a".repeat(90), "data");
  const server = await startHere({ dataDir: folder, volatile: true });
  expect(server.socketDir).toMatch(new RegExp(`^${realpathSync(tmpdir())}/plenum-[0-9a-f]{16}$`));
  expect(statSync(server.socketDir).mode & 0o777).toBe(0o700);
  expect(await ask(server.appUrl, "select current_user::text as who")).toEqual([{ who: "plenum_app" }]);
  await server.stop();
  rmSync(server.socketDir, { recursive: true });
});

test("DB-40: three roles: the owner is no superuser, the application owns nothing and cannot pass row security", async () => {
  const server = await startHere({ dataDir: dataDir(), volatile: true });
  const roles = await ask(
    server.appUrl,
    `select rolname::text as role, rolsuper as super, rolbypassrls as bypass, rolcanlogin as login, rolcreaterole as creates
     from pg_roles where rolname like 'plenum%' order by 1`,
  );
  expect(roles).toEqual([
    { role: "plenum_app", super: false, bypass: false, login: true, creates: false },
    { role: "plenum_owner", super: false, bypass: false, login: true, creates: false },
  ]);
  const owners = `select (select pg_get_userbyid(datdba)::text from pg_database where datname = 'plenum') as database,
                         (select pg_get_userbyid(nspowner)::text from pg_namespace where nspname = 'public') as schema`;
  expect(await ask(server.appUrl, owners)).toEqual([{ database: "plenum_owner", schema: "plenum_owner" }]);
  await expect(ask(server.appUrl, "create table public.mine (a int)")).rejects.toThrow(
    "permission denied for schema public",
  );
  await server.stop();
});

test("DB-02: PostgreSQL runs as somebody without rights, and no user is made for it", async () => {
  const passwd = readFileSync("/etc/passwd", "utf8");
  const folder = dataDir();
  const server = await startHere({ dataDir: folder, volatile: true });
  const pid = readPostmasterFile(join(folder, "pg"))?.pid as number;
  const uid = Number(/^Uid:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]);
  expect(uid).toBe(asRoot ? statSync(join(folder, "pg")).uid : process.getuid?.());
  expect(uid).not.toBe(0);
  await server.stop();
  expect(readFileSync("/etc/passwd", "utf8")).toBe(passwd);
});

test("DB-04: a second start names the process that owns the directory, from the same process and from another", async () => {
  const folder = dataDir();
  const server = await startHere({ dataDir: folder, volatile: true });
  await expect(startEmbedded({ dataDir: folder })).rejects.toThrow(DirectoryInUse);
  const second = embeddedChild({ dataDir: folder });
  const failure = await second.line(told<string>("failed"));
  expect(failure).toContain(`is in use by process ${process.pid}.`);
  expect((await second.ended).code).toBe(1);
  expect(await ask(server.appUrl, "select 1 as still")).toEqual([{ still: 1 }]);
  await server.stop();
  const third = await startHere({ dataDir: folder, volatile: true });
  await third.stop();
});

test("DB-04: six starts at once: one owner, five refusals", async () => {
  const folder = dataDir();
  const children = Array.from({ length: 6 }, () => embeddedChild({ dataDir: folder, volatile: true }));
  const outcomes = await Promise.all(
    children.map((child) => child.line((line) => told<Ready>("ready")(line)?.pid ?? told<string>("kind")(line))),
  );
  expect(outcomes.filter((outcome) => typeof outcome === "number")).toHaveLength(1);
  expect(outcomes.filter((outcome) => outcome === "DirectoryInUse")).toHaveLength(5);
}, 60_000);

test("DB-04: the command line attaches to a running server by its run file, and to none once that has ended", async () => {
  const folder = dataDir();
  expect(attachEmbedded(folder)).toBe(undefined);
  const child = embeddedChild({ dataDir: folder, volatile: true });
  const { pid } = await ready(child);
  const attached = attachEmbedded(folder);
  expect(JSON.parse(readFileSync(join(folder, "run.json"), "utf8"))).toMatchObject({
    pid,
    socketDir: join(folder, "socket"),
    port: 5432,
    startedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT/) as string,
  });
  expect(statSync(join(folder, "run.json")).mode & 0o777).toBe(0o600);
  expect(await ask(attached?.appUrl ?? {}, "select current_user::text as who")).toEqual([{ who: "plenum_app" }]);
  child.process.kill("SIGKILL");
  await child.ended;
  expect(existsSync(join(folder, "run.json"))).toBe(true);
  expect(attachEmbedded(folder)).toBe(undefined);
});

test("DB-05, DB-04: kill -9 in the midst of writing: PostgreSQL ends within 10 s, no acknowledged row is lost", async () => {
  const folder = dataDir();
  let acknowledged = 0;
  for (let round = 0; round < 3; round++) {
    const child = embeddedChild({ dataDir: folder, writes: true });
    await ready(child);
    const server = readPostmasterFile(join(folder, "pg"))?.pid as number;
    await until(() => child.lines.length > 50, 10_000);
    child.process.kill("SIGKILL");
    await child.ended;
    const acks = child.lines.flatMap((line) => told<number>("acknowledged")(line) ?? []);
    expect(acks.length).toBeGreaterThan(40);
    acknowledged = Math.max(acknowledged, ...acks);
    expect(await until(() => !isAlive(server), 10_000)).toBe(true);
  }
  const next = await inTime(() => startHere({ dataDir: folder }));
  expect(next.ms).toBeLessThan(budgetMs(5_000));
  const [row] = await ask<{ rows: number; highest: number }>(
    next.server.ownerUrl,
    "select count(*)::int as rows, max(n)::int as highest from written",
  );
  // One more may have reached the disk before its acknowledgement reached us.
  expect(row?.highest).toBeGreaterThanOrEqual(acknowledged);
  expect(row?.highest).toBeLessThanOrEqual(acknowledged + 1);
  expect(row?.rows).toBe(row?.highest);
  await next.server.stop();
}, 60_000);

test("DB-04: an orphan whose keeper was killed too is stopped by the next start, and its rows are there", async () => {
  const folder = dataDir();
  const child = embeddedChild({ dataDir: folder, writes: true });
  await ready(child);
  await until(() => child.lines.length > 10, 10_000);
  const orphan = readPostmasterFile(join(folder, "pg"))?.pid as number;
  const group = Number(readFileSync(`/proc/${orphan}/stat`, "utf8").split(" ")[4]);
  // The shells that would have stopped it: everything of the group that is not PostgreSQL.
  // Stopped first: it would answer the end of its keeper, and the other shell would hear of it.
  child.process.kill("SIGSTOP");
  const shells = () => membersOf(group).filter((pid) => nameOf(pid) === "sh" && statOf(pid)?.[0] !== "Z");
  for (let pids = shells(); pids.length > 0; pids = shells()) for (const pid of pids) process.kill(pid, "SIGKILL");
  child.process.kill("SIGKILL");
  await child.ended;
  expect(isAlive(orphan)).toBe(true);

  const next = embeddedChild({ dataDir: folder });
  await ready(next);
  expect(await next.line(told<string>("orphan"))).toBe("stopped");
  expect(birthMark(orphan)).toBe(undefined);
  const [row] = await ask<{ rows: number }>(as(join(folder, "socket")), "select count(*)::int as rows from written");
  expect(row?.rows).toBeGreaterThanOrEqual(child.lines.length - 1);
  next.process.kill("SIGTERM");
  expect((await next.ended).code).toBe(0);
}, 60_000);

test("DB-04: a stale file that names a living process of another kind does not block the start", async () => {
  const folder = dataDir();
  const first = await startHere({ dataDir: folder, volatile: true });
  await first.stop();
  const stale = [process.pid, join(folder, "pg"), 1, 5432, join(folder, "socket"), "", " 1 1", "ready   "];
  writeFileSync(join(folder, "pg", "postmaster.pid"), stale.join("\n"));
  // The same number was born at another time: a container gives out low numbers again at each start.
  writeFileSync(join(folder, "owner.lock"), JSON.stringify({ pid: process.pid, born: "another boot:1" }));
  const second = await startHere({ dataDir: folder, volatile: true });
  expect(await ask(second.appUrl, "select 1 as one")).toEqual([{ one: 1 }]);
  await second.stop();
});

test("DB-05: PostgreSQL that is killed is started again, and committed rows are there", async () => {
  const folder = dataDir();
  const warnings: string[] = [];
  const log = {
    info: () => undefined,
    fatal: () => undefined,
    warn: (_: object, text: string) => void warnings.push(text),
  };
  const server = await startHere({ dataDir: folder, log });
  await ask(server.ownerUrl, "create table kept as select 42 as answer");
  const killed = readPostmasterFile(join(folder, "pg"))?.pid as number;
  process.kill(killed, "SIGKILL");
  const back = await until(async () => {
    const file = readPostmasterFile(join(folder, "pg"));
    return file !== undefined && file.ready && file.pid !== killed;
  }, 10_000);
  expect(back).toBe(true);
  expect(await ask(server.ownerUrl, "select answer from kept")).toEqual([{ answer: 42 }]);
  expect(warnings).toContain("PostgreSQL ended and is started again");
  await server.stop();
});

test("DB-05: PostgreSQL that ends six times within a minute is given up with exit code 70", async () => {
  const folder = dataDir();
  const child = embeddedChild({ dataDir: folder, volatile: true });
  await ready(child);
  let last = 0;
  for (let kills = 0; kills < 6; kills++) {
    await until(() => {
      const file = readPostmasterFile(join(folder, "pg"));
      return file !== undefined && file.ready && file.pid !== last && isAlive(file.pid);
    }, 20_000);
    last = readPostmasterFile(join(folder, "pg"))?.pid as number;
    process.kill(last, "SIGKILL");
  }
  expect((await child.ended).code).toBe(70);
  expect(child.lines.filter((line) => told<number>("restarts")(line) !== undefined)).toHaveLength(5);
  expect(await child.line(told<string>("fatal"))).toBe("PostgreSQL does not stay up");
}, 60_000);

test("DB-05: Ctrl-C at the terminal does not reach PostgreSQL: it has a session of its own", async () => {
  const folder = dataDir();
  const server = await startHere({ dataDir: folder, volatile: true });
  const pid = readPostmasterFile(join(folder, "pg"))?.pid as number;
  const sessionOf = (id: number): string => {
    const stat = readFileSync(`/proc/${id}/stat`, "utf8");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[3] as string;
  };
  expect(sessionOf(pid)).not.toBe(sessionOf(process.pid));
  await server.stop();
});

function membersOf(group: number): number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => statOf(pid)?.split(" ")[2] === String(group));
}

function statOf(pid: number): string | undefined {
  const stat = wholeStatOf(pid);
  return stat?.slice(stat.lastIndexOf(")") + 2);
}

function nameOf(pid: number): string {
  return /\((.*)\)/.exec(wholeStatOf(pid) ?? "")?.[1] ?? "";
}

// A process may end while it is looked at.
function wholeStatOf(pid: number): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/stat`, "utf8");
  } catch {
    return undefined;
  }
}
