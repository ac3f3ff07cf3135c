import { resolve } from "node:path";
import { readTrustedDocuments, withFiles } from "./settings/files";
import { readPublicUrl } from "./settings/public-url";
import { environment, readable, type DoorName, type Environment, type LogLevel } from "./settings/variables";

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
