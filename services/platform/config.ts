import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { z } from "zod";

/** What a process may open (contract §2). */
export const doorNames = ["gateway", "scim", "saml", "console", "worker"] as const;
export type DoorName = (typeof doorNames)[number];

export const logLevels = ["trace", "debug", "info", "warn", "error", "fatal", "silent"] as const;
export type LogLevel = (typeof logLevels)[number];

/** The environment, read once. */
export interface Config {
  readonly production: boolean;
  readonly host: string;
  readonly port: number;
  /** Where metrics and probes listen as well; without it metrics are on the main port, in development only. */
  readonly adminPort: number | undefined;
  /** Origin under which the world sees us, without a slash at its end. Every absolute URL is built from it. */
  readonly publicUrl: string;
  readonly database: { readonly kind: "embedded" } | ExternalDatabase;
  readonly poolMax: number | undefined;
  /** False where a transaction pooler stands in between that knows no prepared statements (DB-12). */
  readonly prepared: boolean;
  /** Requests a second that one SCIM connection may send (ruling 13); four seconds' worth at once. */
  readonly scimRate: number | undefined;
  /** Whether SAML metadata may be fetched from private addresses: for an identity provider in the own network (SAML-07). */
  readonly privateMetadata: boolean;
  readonly dataDir: string;
  readonly doors: ReadonlySet<DoorName>;
  /** Given by the environment; `masterSecret` makes one in development. */
  readonly secretKey: string | undefined;
  /** The key before the present one: data keys that it wrapped still open, until `plenum key rotate`. */
  readonly previousSecretKey: string | undefined;
  readonly demo: boolean;
  readonly smtpUrl: string | undefined;
  readonly logLevel: LogLevel;
  /** What a browser's session may ask the GraphQL door, by SHA-256; anything where nothing is given (GQL-33). */
  readonly trustedDocuments: ReadonlyMap<string, string> | undefined;
  /** Networks of reverse proxies whose X-Forwarded-* count (SEC-21). */
  readonly trustProxy: readonly string[];
}

export interface ExternalDatabase {
  readonly kind: "external";
  readonly url: string;
  readonly ownerUrl: string | undefined;
}

/** Everything that is wrong with the environment, in one message. */
export class ConfigError extends Error {
  constructor(readonly problems: readonly string[]) {
    super(
      `the configuration has ${problems.length} problem${problems.length === 1 ? "" : "s"}:\n  ${problems.join("\n  ")}`,
    );
  }
}

type Environment = Readonly<Record<string, string | undefined>>;

/** These may be given as the name of a file, as orchestrators hand out secrets (OPS-30). */
export const fileVariables = [
  "DATABASE_URL",
  "DATABASE_OWNER_URL",
  "PLENUM_SECRET_KEY",
  "PLENUM_SECRET_KEY_PREVIOUS",
  "SMTP_URL",
] as const;

const port = z
  .string()
  .regex(/^\d{1,5}$/, "a port number")
  .transform(Number)
  .refine((n) => n <= 65_535, "a port number");
const flag = z.enum(["true", "false", "1", "0"], "true or false").transform((text) => text === "true" || text === "1");
const postgresUrl = z.string().refine((text) => hasScheme(text, ["postgres:", "postgresql:"]), "a URL postgres://…");
const network =
  /^(?:[0-9.]{7,15}|(?=[0-9a-fA-F.]*:)[0-9a-fA-F:.]+)(?:\/\d{1,3})?$|^loopback$|^linklocal$|^uniquelocal$/;

const environment = z.object({
  NODE_ENV: z.string().optional(),
  HOST: z.string().min(1).default("127.0.0.1"),
  PORT: port.default(4000),
  PLENUM_ADMIN_PORT: port.optional(),
  PLENUM_PUBLIC_URL: z.string().optional(),
  DATABASE_URL: postgresUrl.optional(),
  DATABASE_OWNER_URL: postgresUrl.optional(),
  PLENUM_POOL_MAX: z
    .string()
    .regex(/^\d{1,3}$/, "a number from 2 to 100")
    .transform(Number)
    .refine((n) => n >= 2 && n <= 100, "a number from 2 to 100")
    .optional(),
  PLENUM_PREPARED: z.enum(["on", "off"], "on or off").default("on"),
  PLENUM_SCIM_RATE: z
    .string()
    .regex(/^[1-9]\d{0,6}$/, "a number from 1 to 9999999")
    .transform(Number)
    .optional(),
  PLENUM_PRIVATE_METADATA: flag.default(false),
  PLENUM_DATA_DIR: z.string().min(1).default(".plenum"),
  PLENUM_DOORS: z
    .string()
    .default(doorNames.join(","))
    .transform(listOf)
    .pipe(z.array(z.enum(doorNames, `some of ${doorNames.join(", ")}`)).min(1, "at least one door")),
  PLENUM_SECRET_KEY: z.string().min(32, "at least 32 characters").optional(),
  PLENUM_SECRET_KEY_PREVIOUS: z.string().min(32, "at least 32 characters").optional(),
  PLENUM_DEMO: flag.optional(),
  SMTP_URL: z
    .string()
    .refine((text) => hasScheme(text, ["smtp:", "smtps:"]), "a URL smtp://… or smtps://…")
    .optional(),
  LOG_LEVEL: z.enum(logLevels, `one of ${logLevels.join(", ")}`).default("info"),
  PLENUM_TRUSTED_DOCUMENTS: z.string().min(1).optional(),
  PLENUM_TRUST_PROXY: z
    .string()
    .default("")
    .transform(listOf)
    .pipe(z.array(z.string().regex(network, "addresses or networks such as 10.0.0.0/8"))),
});

/**
 * Reads and checks the environment.
 * @throws ConfigError naming every variable that is wrong or missing
 */
export function readConfig(env: Environment = process.env): Config {
  const problems: string[] = [];
  const given = withFiles(env, problems);
  const parsed = environment.safeParse(given);
  if (!parsed.success) {
    problems.push(...parsed.error.issues.map(({ path, message }) => `${String(path[0])}: expected ${message}`));
  }
  // The rules below look at the values that could be read, so that one start shows all that is wrong.
  const values = parsed.success ? parsed.data : readable(given);
  const production = values.NODE_ENV === "production";
  const publicUrl = readPublicUrl(values.PLENUM_PUBLIC_URL ?? `http://localhost:${values.PORT ?? 4000}`, problems);
  if (production && !values.PLENUM_SECRET_KEY && !problems.some((text) => text.startsWith("PLENUM_SECRET_KEY"))) {
    problems.push("PLENUM_SECRET_KEY: required in production (at least 32 characters, e.g. `openssl rand -base64 32`)");
  }
  if (values.DATABASE_OWNER_URL && !values.DATABASE_URL) {
    problems.push("DATABASE_OWNER_URL: means nothing without DATABASE_URL");
  }
  const trustedDocuments = readTrustedDocuments(values.PLENUM_TRUSTED_DOCUMENTS, problems);
  if (!parsed.success || problems.length > 0) throw new ConfigError([...problems].sort());

  const v = parsed.data;
  return {
    production,
    host: v.HOST,
    port: v.PORT,
    adminPort: v.PLENUM_ADMIN_PORT,
    publicUrl,
    database: v.DATABASE_URL
      ? { kind: "external", url: v.DATABASE_URL, ownerUrl: v.DATABASE_OWNER_URL }
      : { kind: "embedded" },
    poolMax: v.PLENUM_POOL_MAX,
    prepared: v.PLENUM_PREPARED === "on",
    scimRate: v.PLENUM_SCIM_RATE,
    privateMetadata: v.PLENUM_PRIVATE_METADATA,
    dataDir: resolve(v.PLENUM_DATA_DIR),
    doors: new Set(v.PLENUM_DOORS),
    secretKey: v.PLENUM_SECRET_KEY,
    previousSecretKey: v.PLENUM_SECRET_KEY_PREVIOUS,
    demo: v.PLENUM_DEMO ?? v.DATABASE_URL === undefined,
    smtpUrl: v.SMTP_URL,
    logLevel: v.LOG_LEVEL,
    trustedDocuments,
    trustProxy: v.PLENUM_TRUST_PROXY,
  };
}

/** The configuration for showing to people: secrets and passwords left out (OPS-30). */
export function shownConfig(config: Config): Readonly<Record<string, unknown>> {
  const { database } = config;
  return {
    ...config,
    doors: [...config.doors],
    trustedDocuments: config.trustedDocuments?.size,
    secretKey: config.secretKey === undefined ? "generated in the data directory" : "set",
    previousSecretKey: config.previousSecretKey === undefined ? undefined : "set",
    smtpUrl: config.smtpUrl === undefined ? undefined : withoutPassword(config.smtpUrl),
    database:
      database.kind === "embedded"
        ? database
        : {
            kind: "external",
            url: withoutPassword(database.url),
            ownerUrl: database.ownerUrl === undefined ? undefined : withoutPassword(database.ownerUrl),
          },
  };
}

function withoutPassword(text: string): string {
  const url = new URL(text);
  if (url.password) url.password = "…";
  return decodeURI(url.href.replace("%E2%80%A6", "…"));
}

// An empty variable counts as absent: compose files and shells write them so.
function withFiles(env: Environment, problems: string[]): Environment {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ""));
  for (const name of fileVariables) {
    const file = given[`${name}_FILE`];
    if (file === undefined) continue;
    if (given[name] !== undefined) problems.push(`${name}: given twice, also as ${name}_FILE`);
    try {
      given[name] = readFileSync(file, "utf8").trim();
    } catch {
      problems.push(`${name}_FILE: expected a file that can be read, got ${file}`);
    }
  }
  return given;
}

const documentMax = 64 * 1024;

/**
 * The manifest that the build of a front end writes: `{"<sha256 of the document>": "<document>"}`, as GraphQL Code
 * Generator does with `hashAlgorithm: "sha256"`. A number that is not its document's would let a session ask what
 * nobody has looked at.
 */
function readTrustedDocuments(file: string | undefined, problems: string[]): ReadonlyMap<string, string> | undefined {
  if (file === undefined) return undefined;
  try {
    const manifest = z.record(z.string(), z.string().max(documentMax)).parse(JSON.parse(readFileSync(file, "utf8")));
    const wrong = Object.keys(manifest).find((key) => key !== sha256Of(manifest[key] ?? ""));
    if (wrong === undefined) return new Map(Object.entries(manifest));
    problems.push(`PLENUM_TRUSTED_DOCUMENTS: expected each document under its SHA-256, got ${wrong.slice(0, 80)}`);
  } catch {
    problems.push(`PLENUM_TRUSTED_DOCUMENTS: expected a JSON file of documents by SHA-256, got ${file}`);
  }
  return undefined;
}

function sha256Of(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

function readable(given: Environment): Partial<z.infer<typeof environment>> {
  const values: Record<string, unknown> = {};
  for (const [name, schema] of Object.entries(environment.shape)) {
    const one = schema.safeParse(given[name]);
    if (one.success) values[name] = one.data;
  }
  return values;
}

function readPublicUrl(text: string, problems: string[]): string {
  if (!hasScheme(text, ["http:", "https:"])) {
    problems.push("PLENUM_PUBLIC_URL: expected a URL https://…");
    return text;
  }
  const url = new URL(text);
  if (url.pathname !== "/" || url.search || url.hash || url.username) {
    problems.push("PLENUM_PUBLIC_URL: expected scheme, host and port only");
  }
  // Without TLS a cookie could not be `Secure`; on the own machine nobody listens in between (ruling c1).
  if (url.protocol === "http:" && !isLoopback(url.hostname)) {
    problems.push("PLENUM_PUBLIC_URL: expected https, because http is for localhost only");
  }
  return url.origin;
}

/** Whether a host name means this machine whoever asks. */
export function isLoopback(hostname: string): boolean {
  return /^(?:localhost|.+\.localhost|127(?:\.\d{1,3}){3}|\[::1\])$/.test(hostname);
}

function hasScheme(text: string, schemes: readonly string[]): boolean {
  return URL.canParse(text) && schemes.includes(new URL(text).protocol);
}

function listOf(text: string): string[] {
  return text
    .split(",")
    .map((item) => item.trim())
    .filter((item) => item !== "");
}
