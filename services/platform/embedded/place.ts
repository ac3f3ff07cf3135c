import { spawnSync } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { chmodSync, chownSync, existsSync, lstatSync, mkdirSync, readlinkSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { makeDataDir } from "../data-dir";
import { serverIdentity, type Identity } from "./identity";

/** Where the pieces of one embedded server lie. */
export interface Place {
  readonly dataDir: string;
  /** The folder that holds cluster, log and copied binaries; the data directory unless the server cannot reach it. */
  readonly home: string;
  readonly cluster: string;
  readonly log: string;
  readonly identity: Identity | undefined;
}

/** Makes the data directory where needed and decides where the cluster lives. */
export function preparePlace(dataDir: string): Place {
  makeDataDir(dataDir);
  const link = join(dataDir, "pg");
  const moved = linkTarget(link);
  if (moved !== undefined && !existsSync(moved)) {
    throw new Error(`${link} leads to ${moved}, which is gone. Remove the link to begin with an empty database.`);
  }
  const identity = serverIdentity(moved ?? link);
  if (moved !== undefined) return at(dataDir, dirname(moved), identity);
  if (identity && !canEnter(dataDir, identity)) {
    const home = outsideHome(dataDir, identity);
    symlinkSync(join(home, "pg"), link);
    return at(dataDir, home, identity);
  }
  return at(dataDir, dataDir, identity);
}

const at = (dataDir: string, home: string, identity: Identity | undefined): Place => ({
  dataDir,
  home,
  cluster: join(home, "pg"),
  log: join(home, "postgres.log"),
  identity,
});

function linkTarget(path: string): string | undefined {
  return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() ? readlinkSync(path) : undefined;
}

// Asks the kernel rather than reading modes: access lists and read-only mounts count too.
function canEnter(folder: string, identity: Identity): boolean {
  return spawnSync("/bin/sh", ["-c", 'cd "$1"', "sh", folder], { cwd: "/", ...identity }).status === 0;
}

// Below /root, say, nobody but root can enter, whatever the modes further down. The home directory is not ours to
// open, so the cluster goes where services keep their data, and a link in the data directory remembers it.
function outsideHome(dataDir: string, identity: Identity): string {
  const root = "/var/lib/plenum";
  const home = join(root, `${basename(dirname(dataDir)) || "root"}-${randomBytes(6).toString("hex")}`);
  try {
    mkdirSync(root, { recursive: true });
    chmodSync(root, 0o711);
    mkdirSync(home);
    chmodSync(home, 0o711);
    mkdirSync(join(home, "pg"), { mode: 0o700 });
    chownSync(join(home, "pg"), identity.uid, identity.gid);
  } catch (cause) {
    throw new Error(
      `PostgreSQL does not run as root and user ${identity.uid} cannot enter ${dataDir}; ${root} cannot be written ` +
        "either. Set PLENUM_DATA_DIR to a folder that every user may enter.",
      { cause },
    );
  }
  return home;
}

// sun_path holds 104 bytes on macOS and 108 on Linux; the socket's own name takes 16 of them.
const socketFolderBytesMax = 84;

/** The folder of the socket: in the data directory, or below the temporary folder where that path is too long. */
export function socketFolder(place: Place): string {
  const inside = join(place.home, "socket");
  const folder =
    Buffer.byteLength(inside) <= socketFolderBytesMax
      ? inside
      : join(tmpdir(), `plenum-${createHash("sha256").update(place.cluster).digest("hex").slice(0, 16)}`);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const { uid } = lstatSync(folder);
  const ours = process.getuid?.();
  if (!lstatSync(folder).isDirectory() || ![ours, place.identity?.uid].includes(uid)) {
    throw new Error(`${folder} belongs to somebody else; the embedded database cannot put its socket there`);
  }
  chmodSync(folder, 0o700);
  if (place.identity) chownSync(folder, place.identity.uid, place.identity.gid);
  return folder;
}
