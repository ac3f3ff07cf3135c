import { spawnSync } from "node:child_process";
import { chownSync, existsSync, mkdirSync, readFileSync, renameSync, rmdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Binaries } from "./binaries";
import type { Place } from "./place";

/** Nothing of the caller's environment reaches the server: messages are English, no PG* variable interferes. */
export const serverEnvironment = { LC_ALL: "C", PATH: "/usr/bin:/bin:/usr/sbin:/sbin", TZ: "UTC" };

/**
 * Makes the cluster where there is none (DB-01). It grows under another name and gets its own by a rename, so a start
 * that was killed half-way leaves nothing that looks finished.
 */
export function makeCluster(place: Place, binaries: Binaries, volatile: boolean): void {
  const version = join(place.cluster, "PG_VERSION");
  if (existsSync(version)) return checkVersion(place, readFileSync(version, "utf8").trim(), binaries.major);
  const draft = `${place.cluster}.new`;
  rmSync(draft, { recursive: true, force: true });
  mkdirSync(draft, { mode: 0o700 });
  if (place.identity) chownSync(draft, place.identity.uid, place.identity.gid);
  const { status, stderr, error } = spawnSync(
    binaries.initdb,
    [
      `--pgdata=${draft}`,
      "--username=postgres",
      "--auth=trust",
      "--encoding=UTF8",
      "--locale=C",
      "--locale-provider=builtin",
      "--builtin-locale=C.UTF-8",
      "--data-checksums",
      "--no-instructions",
      ...(volatile ? ["--no-sync"] : []),
    ],
    // initdb gives up where its user may not read the working directory.
    { cwd: "/", env: serverEnvironment, ...place.identity },
  );
  if (status !== 0)
    throw new Error(`the embedded database could not be made: ${error?.message ?? String(stderr).trim()}`);
  // Refuses where a folder of that name holds anything: whatever it is, it is not ours to remove.
  if (existsSync(place.cluster)) rmdirSync(place.cluster);
  renameSync(draft, place.cluster);
}

function checkVersion(place: Place, has: string, brings: string): void {
  if (has === brings) return;
  throw new Error(`${place.cluster} was made by PostgreSQL ${has} and this version of Plenum brings ${brings}`);
}
