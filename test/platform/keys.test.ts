import { systemClock } from "../../services/kernel/clock";
import { openDataSource } from "../../services/platform/data-source";
import { Keyring, masterKeyOf } from "../../services/platform/keys";
import { checkMasterKey } from "../../services/platform/lobby";
import { Database } from "../../services/platform/unit-of-work";
import { closeAfterFile, connect, freshDatabase, testDatabase } from "../support/database";
import { buildOrg, testWorld } from "../support/world";

let db: Database;

beforeAll(async () => {
  db = await testWorld();
});

const place = (rowId: string) => ({ table: "sp_key", column: "private_key_enc", rowId });
const oldKey = masterKeyOf("the old secret key of this installation");
const newKey = masterKeyOf("the new secret key of this installation");

test("SEC-10: what is sealed opens for its own place only: not in another row, table or organization", async () => {
  const [org, other] = [await buildOrg(db), await buildOrg(db)];
  const keyring = new Keyring(oldKey);
  const sealed = await org.run((tx) => keyring.seal(tx, place("a"), "a private key"));

  expect(sealed.toString("latin1")).not.toContain("private");
  expect((await org.run((tx) => keyring.open(tx, place("a"), sealed))).toString()).toBe("a private key");
  await expect(org.run((tx) => keyring.open(tx, place("b"), sealed))).rejects.toThrow();
  await expect(org.run((tx) => keyring.open(tx, { ...place("a"), table: "oauth_client" }, sealed))).rejects.toThrow();
  await expect(other.run((tx) => keyring.open(tx, place("a"), sealed))).rejects.toThrow();
  const flipped = Buffer.from(sealed);
  flipped[flipped.length - 1]! ^= 1;
  await expect(org.run((tx) => keyring.open(tx, place("a"), flipped))).rejects.toThrow();
});

test("SEC-10: a new master key wraps the data keys anew without touching the data", async () => {
  const org = await buildOrg(db);
  const sealed = await org.run((tx) => new Keyring(oldKey).seal(tx, place("a"), "kept"));

  const both = new Keyring(newKey, [oldKey]);
  expect((await org.run((tx) => both.open(tx, place("a"), sealed))).toString()).toBe("kept");
  expect(await org.run((tx) => both.rotate(tx))).toBe(1);
  expect(await org.run((tx) => both.rotate(tx))).toBe(0);

  expect((await org.run((tx) => new Keyring(newKey).open(tx, place("a"), sealed))).toString()).toBe("kept");
  await expect(org.run((tx) => new Keyring(oldKey).open(tx, place("a"), sealed))).rejects.toThrow("PLENUM_SECRET_KEY");
});

test("SEC-10: of many who seal first at the same moment all use one data key", async () => {
  const org = await buildOrg(db);
  const sealed = await Promise.all(
    Array.from({ length: 10 }, (_, i) => org.run((tx) => new Keyring(oldKey).seal(tx, place(String(i)), `value ${i}`))),
  );

  const opened = await Promise.all(
    sealed.map((value, i) => org.run((tx) => new Keyring(oldKey).open(tx, place(String(i)), value))),
  );
  expect(opened.map(String)).toEqual(sealed.map((_, i) => `value ${i}`));
  const client = await connect((await testDatabase()).superUrl);
  expect((await client.query("select 1 from data_key where org_id = $1", [org.orgId])).rowCount).toBe(1);
});

test("SEC-11: a database lets in the key it knows, its successor who brings it along, and no other, at any replica", async () => {
  const { appUrl: target } = await freshDatabase();
  const source = await openDataSource({ target, max: 8, applicationName: "plenum test" });
  closeAfterFile(() => source.destroy());
  const fresh = new Database(source, systemClock, db.instance);
  const outcome = (secret: string, previous?: string) =>
    checkMasterKey(fresh, secret, previous).then(
      () => "in",
      (error: Error) => error.constructor.name,
    );

  const race = await Promise.all(["a", "b", "c", "d"].map((secret) => outcome(secret)));
  expect(race.filter((word) => word === "in")).toHaveLength(1);
  const first = ["a", "b", "c", "d"][race.indexOf("in")] as string;
  expect(await outcome(first)).toBe("in");
  expect(await outcome("next")).toBe("MasterKeyUnknown");
  expect(await outcome("next", "not it either")).toBe("MasterKeyUnknown");
  expect(await outcome("next", first)).toBe("in");
  expect(await outcome("next")).toBe("in");
});
