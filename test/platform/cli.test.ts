import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, chmodSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PlenumError } from "../../services/kernel/errors";
import { readConfig } from "../../services/platform/config";
import { openLog } from "../../services/platform/log";
import { readMigrations } from "../../services/platform/migrate/files";
import { runCommandLine, type ExitCode } from "../../services/cli/program";
import { given, type Command } from "../../services/cli/command";
import { build, repository, run } from "../support/child";
import { closeAfterFile, freshDatabase } from "../support/database";
import { DatabaseProxy } from "../support/proxy";

interface Said {
  readonly code: ExitCode;
  readonly out: string;
  readonly err: string;
  readonly closed: number;
}

/** Runs a command line in this process, on commands of the test. */
async function say(argv: string[], commands: readonly Command[]): Promise<Said> {
  const texts = { out: "", err: "" };
  let closed = 0;
  const code = await runCommandLine(argv, commands, {
    output: { out: (text) => void (texts.out += text), err: (text) => void (texts.err += text) },
    context: () => ({
      config: readConfig({}),
      log: openLog("silent"),
      database: () => Promise.reject(new Error("none here")),
      place: () => Promise.reject(new Error("none here")),
      say: (text: string) => void (texts.err += `${text}\n`),
      close: async () => void (closed += 1),
    }),
  });
  return { code, ...texts, closed };
}

const greet: Command = {
  name: "org greet",
  summary: "says hello",
  options: [
    { flags: "--org <slug or id>", description: "whom", required: true },
    { flags: "--plan <code>", description: "which", choices: ["free", "teams"], default: "free" },
    { flags: "--dry-run", description: "only look" },
  ],
  async run(context, options) {
    context.say("working");
    return { json: { ...options, org: given(options, "org") }, text: "hello" };
  },
};

const refuse: Command = {
  name: "refuse",
  summary: "does not",
  run: () => Promise.reject(new PlenumError("seats_exhausted", "every paid seat is taken", { quantity: 5 })),
};

const breaks: Command = {
  name: "breaks",
  summary: "falls over",
  run: () => Promise.reject(new Error("first line\n    at stack (/etc/x.ts:1)")),
};

const commands = [greet, refuse, breaks];

describe("OPS-31: the form of every command", () => {
  test("OPS-31: with --json one document on stdout, words on stderr, wherever the flag stands", async () => {
    for (const argv of [
      ["org", "greet", "--org", "acme", "--dry-run", "--json"],
      ["--json", "org", "greet", "--org", "acme", "--dry-run"],
      ["org", "greet", "--json", "--dry-run", "--org", "acme"],
    ]) {
      const said = await say(argv, commands);
      expect(said.out.endsWith("}\n")).toBe(true);
      expect(JSON.parse(said.out)).toMatchObject({ org: "acme", plan: "free", dryRun: true });
      expect([said.code, said.err, said.closed]).toEqual([0, "working\nhello\n", 1]);
    }
  });

  test("OPS-31: without --json words for people", async () => {
    expect(await say(["org", "greet", "--org", "acme"], commands)).toEqual({
      code: 0,
      out: "hello\n",
      err: "working\n",
      closed: 1,
    });
  });

  test("OPS-31: a refusal is exit code 1, one line with its code, and one document", async () => {
    const said = await say(["refuse", "--json"], commands);
    expect(said.code).toBe(1);
    expect(JSON.parse(said.out)).toEqual({
      error: { code: "seats_exhausted", message: "every paid seat is taken", facts: { quantity: 5 } },
    });
    expect(said.err).toBe("plenum: every paid seat is taken (seats_exhausted)\n");
    expect((await say(["refuse"], commands)).out).toBe("");
  });

  test("OPS-31, SEC-40: what breaks is told in one line without a stack", async () => {
    const said = await say(["breaks", "--json"], commands);
    expect([said.code, JSON.parse(said.out), said.err]).toEqual([
      1,
      { error: { code: "internal", message: "first line" } },
      "plenum: first line (internal)\n",
    ]);
  });

  test.each([
    [["org", "greet"], /required option '--org <slug or id>' not specified/],
    [["org", "greet", "--org", "a", "--plan", "gold"], /argument 'gold' is invalid. Allowed choices are free, teams/],
    [["org", "greet", "--org", "a", "more"], /too many arguments/],
    [["org", "greet", "--org", "a", "--colour", "red"], /unknown option '--colour'/],
    [["dance"], /unknown command 'dance'/],
    [["org"], /^a command is missing/],
    [[], /^a command is missing/],
  ])("OPS-31: wrong usage is exit code 2: %j", async (argv, message) => {
    const said = await say([...argv, "--json"], commands);
    expect(said.code).toBe(2);
    const { error } = JSON.parse(said.out) as { error: { code: string; message: string } };
    expect([error.code, message.test(error.message)]).toEqual(["usage", true]);
    expect(said.closed).toBe(0);
    expect(said.err.length).toBeGreaterThan(0);
  });

  test("OPS-31: --help is exit code 0 and says every command", async () => {
    const said = await say(["--help"], commands);
    expect([said.code, said.out]).toEqual([0, ""]);
    for (const word of ["org", "refuse", "breaks"]) expect(said.err).toContain(word);
  });
});

describe("OPS-31: on a real database", () => {
  beforeAll(build, 60_000);

  function dataDir(): string {
    const folder = mkdtempSync(join(tmpdir(), "plenum-cli-"));
    chmodSync(folder, 0o755);
    closeAfterFile(async () => rmSync(folder, { recursive: true, force: true }));
    return join(folder, "data");
  }

  async function plenum(
    env: Record<string, string>,
    ...argv: string[]
  ): Promise<{ code: number; json: unknown; err: string }> {
    return new Promise((resolve) => {
      const path = { PATH: process.env.PATH ?? "" };
      const script = join(repository, "dist/services/cli/main.js");
      execFile(
        process.execPath,
        [script, ...argv, "--json"],
        { env: { ...path, ...env }, cwd: tmpdir() },
        (error, out, err) => {
          resolve({
            code: typeof error?.code === "number" ? error.code : 0,
            json: out === "" ? undefined : JSON.parse(out),
            err,
          });
        },
      );
    });
  }

  const shipped = readMigrations().map(({ name }) => name);

  test("OPS-31, DB-04: without a server the database is started for the command and stopped after it", async () => {
    const folder = dataDir();
    const migrated = await plenum({ PLENUM_DATA_DIR: folder }, "migrate");
    expect([migrated.code, migrated.json]).toEqual([
      0,
      { migrated: shipped, partitions: expect.any(Array) as unknown, applied: shipped, pending: [] },
    ]);
    const status = await plenum({ PLENUM_DATA_DIR: folder }, "migrate", "status");
    expect(status.json).toMatchObject({ pending: [], unknown: [], edited: [] });
    expect(existsSync(join(folder, "run.json"))).toBe(false);
    expect(existsSync(join(folder, "pg", "postmaster.pid"))).toBe(false);
  }, 60_000);

  test("OPS-31, DB-04: beside a running server a command uses that one", async () => {
    const folder = dataDir();
    const env = { PLENUM_DATA_DIR: folder, PORT: "0", PLENUM_DEMO: "false", PLENUM_DOORS: "scim" };
    const server = run("dist/services/main.js", [], { env });
    await server.line((line) => (line.includes("Health") ? true : undefined));
    const doctor = await plenum({ PLENUM_DATA_DIR: folder }, "doctor");
    expect([doctor.code, doctor.json]).toMatchObject([
      0,
      {
        ok: true,
        checks: [
          { check: "database", ok: true, detail: "PostgreSQL 18.4" },
          { check: "role", ok: true },
          { check: "migrations", ok: true, detail: `${shipped.length} applied` },
        ],
      },
    ]);
    expect(server.process.exitCode).toBe(null);
    server.process.kill("SIGTERM");
    expect((await server.ended).code).toBe(0);
  }, 60_000);

  test("OPS-31, DB-04: commands that come at once, or while a server starts, wait for each other", async () => {
    const env = { PLENUM_DATA_DIR: dataDir() };
    const migrations = await Promise.all([1, 2, 3].map(() => plenum(env, "migrate")));
    expect(migrations.map(({ code, err }) => [code, err.includes("in use")])).toEqual(Array(3).fill([0, false]));
    const server = run("dist/services/main.js", [], {
      env: { ...env, PORT: "0", PLENUM_DEMO: "false", PLENUM_DOORS: "scim" },
    });
    expect((await plenum(env, "migrate", "status")).json).toMatchObject({ pending: [] });
    await server.line((line) => (line.includes("Health") ? true : undefined));
    server.process.kill("SIGTERM");
    expect((await server.ended).code).toBe(0);
  }, 60_000);

  test("OPS-31, OPS-10: on a given database the owner migrates and the application's URL alone is refused", async () => {
    const database = await freshDatabase("template0");
    const proxy = await DatabaseProxy.open(database.superUrl.host as string);
    const env = { DATABASE_URL: proxy.url("plenum_app", database.name), PLENUM_DATA_DIR: dataDir() };
    const before = await plenum(env, "migrate", "status");
    expect(before.json).toMatchObject({ applied: [], pending: shipped });
    const refused = await plenum(env, "migrate");
    expect([refused.code, refused.json]).toMatchObject([
      1,
      { error: { code: "invalid", facts: { field: "DATABASE_OWNER_URL" } } },
    ]);
    const unmigrated = await plenum(env, "doctor");
    expect([unmigrated.code, unmigrated.json]).toMatchObject([1, { ok: false }]);
    const owner = { ...env, DATABASE_OWNER_URL: proxy.url("plenum_owner", database.name) };
    expect((await plenum(owner, "migrate")).json).toMatchObject({ migrated: shipped, pending: [] });
    expect((await plenum(env, "doctor")).code).toBe(0);
  }, 60_000);

  test("OPS-30: a wrong environment is refused with every problem, still as one document", async () => {
    const said = await plenum({ PORT: "x", LOG_LEVEL: "y" }, "doctor");
    expect(said.code).toBe(1);
    const { error } = said.json as { error: { code: string; message: string } };
    expect(error.code).toBe("invalid");
    expect(error.message).toMatch(/LOG_LEVEL: .*\n {2}PORT: /);
  });
});
