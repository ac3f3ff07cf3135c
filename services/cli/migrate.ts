import { appRole } from "../platform/embedded";
import { migrate, migrationStatus } from "../platform/migrate";
import { PlenumError } from "../kernel/errors";
import type { Command } from "./command";

/** `plenum migrate`: brings the database to this release; on an external one as the role of DATABASE_OWNER_URL. */
export const migrateCommand: Command = {
  name: "migrate",
  summary: "apply the migrations that are missing, and give the application's role its privileges",
  async run(context) {
    const { ownerTarget } = await context.place();
    if (!ownerTarget) {
      throw new PlenumError(
        "invalid",
        "DATABASE_OWNER_URL is not set: migrating needs the role that owns the tables, DATABASE_URL is the application's",
        { field: "DATABASE_OWNER_URL" },
      );
    }
    const done = await migrate(ownerTarget, applicationRole(context.config.database));
    const { applied, pending } = await migrationStatus(ownerTarget);
    const word = done.applied.length === 1 ? "migration" : "migrations";
    return {
      json: { migrated: done.applied, partitions: done.partitions, applied: applied.map(({ name }) => name), pending },
      text:
        done.applied.length === 0 ? "nothing to migrate" : `${done.applied.length} ${word}: ${done.applied.join(", ")}`,
    };
  },
};

/** `plenum migrate status`: what is applied, what is missing, what does not fit. */
export const migrateStatus: Command = {
  name: "migrate status",
  summary: "show applied and pending migrations",
  async run(context) {
    const { target, ownerTarget } = await context.place();
    const { applied, pending, unknown, edited } = await migrationStatus(ownerTarget ?? target);
    const lines = [
      ...applied.map(({ name, appliedAt }) => `applied  ${name}  ${appliedAt.toISOString()}`),
      ...pending.map((name) => `pending  ${name}`),
      ...unknown.map((name) => `unknown  ${name}  (from a newer release)`),
      ...edited.map((name) => `edited   ${name}  (its file is not what was applied)`),
    ];
    return {
      json: {
        applied: applied.map(({ name, appliedAt }) => ({ name, appliedAt: appliedAt.toISOString() })),
        pending,
        unknown,
        edited,
      },
      text: lines.join("\n"),
    };
  },
};

// DATABASE_URL says as whom the application will come; the same name and password are made where they are missing.
function applicationRole(database: { kind: "embedded" } | { kind: "external"; url: string }): {
  appRole: string;
  appPassword?: string;
} {
  if (database.kind === "embedded") return { appRole };
  const { username, password } = new URL(database.url);
  const named = { appRole: decodeURIComponent(username) || appRole };
  return password ? { ...named, appPassword: decodeURIComponent(password) } : named;
}
