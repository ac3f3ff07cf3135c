import { createHash } from "node:crypto";
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { ConfigError, readConfig } from "../../services/platform/config";
import { shownConfig } from "../../services/platform/settings/shown";
import { masterSecret } from "../../services/platform/master-secret";
import { closeAfterFile } from "../support/database";

const secret = "0123456789abcdef0123456789abcdef";

function scratch(): string {
  const folder = mkdtempSync(join(tmpdir(), "plenum-config-"));
  closeAfterFile(async () => rmSync(folder, { recursive: true }));
  return folder;
}

function problems(env: Record<string, string>): readonly string[] {
  try {
    readConfig(env);
    return [];
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    return (error as ConfigError).problems;
  }
}

test("OPS-30: an empty environment is the one of the contract", () => {
  expect(readConfig({})).toEqual({
    production: false,
    host: "127.0.0.1",
    port: 4000,
    adminPort: undefined,
    publicUrl: "http://localhost:4000",
    database: { kind: "embedded" },
    poolMax: undefined,
    prepared: true,
    privateMetadata: false,
    dataDir: resolve(".plenum"),
    doors: new Set(["gateway", "scim", "saml", "console", "worker"]),
    secretKey: undefined,
    demo: true,
    smtpUrl: undefined,
    logLevel: "info",
    trustProxy: [],
  });
  expect(readConfig({ PORT: "", LOG_LEVEL: "" }).port).toBe(4000);
});

test("OPS-30: each variable is read, and the demonstration is off beside a given database", () => {
  const config = readConfig({
    NODE_ENV: "production",
    PORT: "8080",
    HOST: "0.0.0.0",
    PLENUM_ADMIN_PORT: "9090",
    PLENUM_PUBLIC_URL: "https://plenum.example.org/",
    DATABASE_URL: "postgres://app:pw@db/plenum",
    DATABASE_OWNER_URL: "postgres://owner:pw@db/plenum",
    PLENUM_POOL_MAX: "4",
    PLENUM_PREPARED: "off",
    PLENUM_PRIVATE_METADATA: "true",
    PLENUM_DATA_DIR: "/var/lib/plenum",
    PLENUM_DOORS: "scim, saml",
    PLENUM_SECRET_KEY: secret,
    SMTP_URL: "smtps://u:p@mail:465",
    LOG_LEVEL: "debug",
    PLENUM_TRUST_PROXY: "10.0.0.0/8,::1,loopback",
  });
  expect(config).toEqual({
    production: true,
    host: "0.0.0.0",
    port: 8080,
    adminPort: 9090,
    publicUrl: "https://plenum.example.org",
    database: { kind: "external", url: "postgres://app:pw@db/plenum", ownerUrl: "postgres://owner:pw@db/plenum" },
    poolMax: 4,
    prepared: false,
    privateMetadata: true,
    dataDir: "/var/lib/plenum",
    doors: new Set(["scim", "saml"]),
    secretKey: secret,
    demo: false,
    smtpUrl: "smtps://u:p@mail:465",
    logLevel: "debug",
    trustProxy: ["10.0.0.0/8", "::1", "loopback"],
  });
});

test("OPS-30: everything that is wrong is told at once, each problem by the name of its variable", () => {
  const told = problems({
    NODE_ENV: "production",
    PORT: "70000",
    PLENUM_PUBLIC_URL: "http://plenum.example.org/path",
    DATABASE_URL: "mysql://db",
    DATABASE_OWNER_URL: "postgres://owner@db/x",
    PLENUM_POOL_MAX: "1",
    PLENUM_DOORS: "gateway,attic",
    PLENUM_DEMO: "perhaps",
    SMTP_URL: "mail",
    LOG_LEVEL: "loud",
    PLENUM_TRUST_PROXY: "everybody",
  });
  expect(told).toEqual([
    "DATABASE_OWNER_URL: means nothing without DATABASE_URL",
    "DATABASE_URL: expected a URL postgres://…",
    "LOG_LEVEL: expected one of trace, debug, info, warn, error, fatal, silent",
    "PLENUM_DEMO: expected true or false",
    "PLENUM_DOORS: expected some of gateway, scim, saml, console, worker",
    "PLENUM_POOL_MAX: expected a number from 2 to 100",
    "PLENUM_PUBLIC_URL: expected https, because http is for localhost only",
    "PLENUM_PUBLIC_URL: expected scheme, host and port only",
    "PLENUM_SECRET_KEY: required in production (at least 32 characters, e.g. `openssl rand -base64 32`)",
    "PLENUM_TRUST_PROXY: expected addresses or networks such as 10.0.0.0/8",
    "PORT: expected a port number",
    "SMTP_URL: expected a URL smtp://… or smtps://…",
  ]);
  expect(() => readConfig({ PORT: "x", LOG_LEVEL: "y" })).toThrow(
    /^the configuration has 2 problems:\n {2}LOG_LEVEL: .*\n {2}PORT: /,
  );
});

test.each([
  ["http://localhost:4000", []],
  ["http://127.0.0.1:4000", []],
  ["http://acme.localhost:4000", []],
  ["https://plenum.example.org", []],
  ["http://10.0.0.7:4000", ["PLENUM_PUBLIC_URL: expected https, because http is for localhost only"]],
  ["http://localhost.example.org", ["PLENUM_PUBLIC_URL: expected https, because http is for localhost only"]],
  ["ftp://x", ["PLENUM_PUBLIC_URL: expected a URL https://…"]],
])("OPS-30: the public URL %s in development and in production", (url, expected) => {
  expect(problems({ PLENUM_PUBLIC_URL: url })).toEqual(expected);
  expect(problems({ PLENUM_PUBLIC_URL: url, NODE_ENV: "production", PLENUM_SECRET_KEY: secret })).toEqual(expected);
});

test("OPS-30: secrets may come from files; twice or unreadable is a problem", () => {
  const folder = scratch();
  writeFileSync(join(folder, "key"), `${secret}\n`);
  writeFileSync(join(folder, "url"), "postgres://app:from-file@db/plenum\n");
  const config = readConfig({
    NODE_ENV: "production",
    PLENUM_SECRET_KEY_FILE: join(folder, "key"),
    DATABASE_URL_FILE: join(folder, "url"),
  });
  expect(config.secretKey).toBe(secret);
  expect(config.database).toEqual({ kind: "external", url: "postgres://app:from-file@db/plenum", ownerUrl: undefined });
  expect(
    problems({
      SMTP_URL_FILE: join(folder, "none"),
      PLENUM_SECRET_KEY: secret,
      PLENUM_SECRET_KEY_FILE: join(folder, "key"),
    }),
  ).toEqual([
    "PLENUM_SECRET_KEY: given twice, also as PLENUM_SECRET_KEY_FILE",
    `SMTP_URL_FILE: expected a file that can be read, got ${join(folder, "none")}`,
  ]);
});

test("OPS-30: the configuration is shown without keys and passwords", () => {
  const shown = JSON.stringify(
    shownConfig(
      readConfig({
        DATABASE_URL: "postgres://app:hunter2@db/plenum",
        DATABASE_OWNER_URL: "postgres://owner:hunter3@db/plenum",
        SMTP_URL: "smtp://user:hunter4@mail",
        PLENUM_SECRET_KEY: secret,
      }),
    ),
  );
  expect(shown).not.toMatch(/hunter|0123456789abcdef/);
  expect(shown).toContain("postgres://app:…@db/plenum");
  expect(shown).toContain('"secretKey":"set"');
});

test("SEC-11: the first start in development makes a key that only its user can read, and every start has the same", () => {
  const dataDir = join(scratch(), "data");
  const key = masterSecret({ secretKey: undefined, dataDir });
  expect(Buffer.from(key, "base64url")).toHaveLength(32);
  expect(masterSecret({ secretKey: undefined, dataDir })).toBe(key);
  expect(readFileSync(join(dataDir, "secret.key"), "utf8")).toBe(`${key}\n`);
  expect(statSync(join(dataDir, "secret.key")).mode & 0o777).toBe(0o600);
  expect(masterSecret({ secretKey: secret, dataDir })).toBe(secret);
  chmodSync(join(dataDir, "secret.key"), 0o644);
  expect(() => masterSecret({ secretKey: undefined, dataDir })).toThrow(/may be read by other users.*chmod 600/);
});

test("GQL-33: the documents of a front end are read by their SHA-256; a manifest that lies stops the start", () => {
  const file = join(scratch(), "persisted-documents.json");
  const query = "query Mine { viewer { permissions } }";
  const number = createHash("sha256").update(query).digest("hex");
  const read = (manifest: unknown) => {
    writeFileSync(file, typeof manifest === "string" ? manifest : JSON.stringify(manifest));
    return { PLENUM_TRUSTED_DOCUMENTS: file };
  };

  expect(readConfig(read({ [number]: query })).trustedDocuments).toEqual(new Map([[number, query]]));
  expect(shownConfig(readConfig({ PLENUM_TRUSTED_DOCUMENTS: file })).trustedDocuments).toBe(1);
  expect(problems(read({ [number]: query, "00": query }))).toEqual([
    "PLENUM_TRUSTED_DOCUMENTS: expected each document under its SHA-256, got 00",
  ]);
  const expected = `PLENUM_TRUSTED_DOCUMENTS: expected a JSON file of documents by SHA-256, got ${file}`;
  for (const bad of ["no json", [query], { [number]: 1 }]) expect(problems(read(bad))).toEqual([expected]);
  rmSync(file);
  expect(problems({ PLENUM_TRUSTED_DOCUMENTS: file })).toEqual([expected]);
});
