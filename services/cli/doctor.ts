import { Client } from "pg";
import { shownConfig } from "../platform/settings/shown";
import { migrationStatus } from "../platform/migrate";
import { checkRole } from "../platform/role-check";
import type { PgTarget } from "../platform/targets";
import { readVersion } from "../platform/version";
import type { Command, CommandContext } from "./command";

interface Finding {
  readonly check: string;
  readonly ok: boolean;
  readonly detail: string;
}

/** `plenum doctor`: the effective configuration without secrets, and whether this installation could serve. */
export const doctor: Command = {
  name: "doctor",
  summary: "show the effective configuration and check the installation",
  async run(context) {
    const config = shownConfig(context.config);
    const checks = await examine(context);
    const ok = checks.every((finding) => finding.ok);
    const lines = [
      ...Object.entries(config).map(
        ([name, value]) => `${name}: ${typeof value === "string" ? value : JSON.stringify(value)}`,
      ),
      "",
      ...checks.map((finding) => `${finding.ok ? "ok  " : "FAIL"}  ${finding.check}: ${finding.detail}`),
    ];
    return {
      json: { version: readVersion(), node: process.version, config, checks, ok },
      text: lines.join("\n"),
      failed: !ok,
    };
  },
};

async function examine(context: CommandContext): Promise<Finding[]> {
  const place = await context.place().catch((error: unknown) => error as Error);
  if (place instanceof Error) return [{ check: "database", ok: false, detail: place.message }];
  const { target } = place;
  return [
    await find("database", () => serverVersion(target)),
    await find("role", () =>
      within(target, async (client) => (await checkRole(client), "row-level security holds for it")),
    ),
    await find("migrations", async () => {
      const { applied, pending, edited } = await migrationStatus(target);
      if (edited.length > 0) throw new Error(`edited after they were applied: ${edited.join(", ")}`);
      if (pending.length > 0) throw new Error(`pending: ${pending.join(", ")} (plenum migrate)`);
      return `${applied.length} applied`;
    }),
  ];
}

async function find(check: string, look: () => Promise<string>): Promise<Finding> {
  try {
    return { check, ok: true, detail: await look() };
  } catch (error) {
    return { check, ok: false, detail: (error as Error).message };
  }
}

const oldestMajor = 15;

async function serverVersion(target: PgTarget): Promise<string> {
  const version = await within(target, async (client) => {
    const { rows } = await client.query<{ server_version: string }>("show server_version");
    return rows[0]?.server_version ?? "";
  });
  if (Number.parseInt(version, 10) < oldestMajor) throw new Error(`PostgreSQL ${version} is older than ${oldestMajor}`);
  return `PostgreSQL ${version}`;
}

async function within<T>(target: PgTarget, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ ...target, connectionTimeoutMillis: 5_000, application_name: "plenum doctor" });
  client.on("error", () => undefined);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
