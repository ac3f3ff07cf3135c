import { z } from "zod";
import { hasScheme } from "./public-url";

/** What a process may open (contract §2). */
export const doorNames = ["gateway", "scim", "saml", "console", "worker"] as const;
export type DoorName = (typeof doorNames)[number];

export const logLevels = ["trace", "debug", "info", "warn", "error", "fatal", "silent"] as const;
export type LogLevel = (typeof logLevels)[number];

/** The environment as the process was given it. */
export type Environment = Readonly<Record<string, string | undefined>>;

const port = z
  .string()
  .regex(/^\d{1,5}$/, "a port number")
  .transform(Number)
  .refine((n) => n <= 65_535, "a port number");
const flag = z.enum(["true", "false", "1", "0"], "true or false").transform((text) => text === "true" || text === "1");
const postgresUrl = z.string().refine((text) => hasScheme(text, ["postgres:", "postgresql:"]), "a URL postgres://…");
const network =
  /^(?:[0-9.]{7,15}|(?=[0-9a-fA-F.]*:)[0-9a-fA-F:.]+)(?:\/\d{1,3})?$|^loopback$|^linklocal$|^uniquelocal$/;

/** Every variable that is read, with what it has to look like (contract §2). */
export const environment = z.object({
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

/** The variables that could be read, where others could not. */
export function readable(given: Environment): Partial<z.infer<typeof environment>> {
  const values: Record<string, unknown> = {};
  for (const [name, schema] of Object.entries(environment.shape)) {
    const one = schema.safeParse(given[name]);
    if (one.success) values[name] = one.data;
  }
  return values;
}

function listOf(text: string): string[] {
  return text
    .split(",")
    .map((item) => item.trim())
    .filter((item) => item !== "");
}
