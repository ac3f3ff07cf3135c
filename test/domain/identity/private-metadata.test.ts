import { createServer } from "node:net";
import { fetchMetadataText } from "../../../services/domain/identity";
import { readConfig } from "../../../services/platform/config";
import type { Database } from "../../../services/platform/unit-of-work";
import { instanceOf } from "../../../services/instance";
import { testWorld } from "../../support/world";

/** The same database in an installation whose environment says otherwise. */
function installed(db: Database, env: Readonly<Record<string, string>>): Database {
  const { publicUrl, keyring } = db.instance;
  return Object.create(db, { instance: { value: instanceOf(publicUrl, keyring, readConfig(env)) } }) as Database;
}

test("SAML-07, SAML-A92: metadata is fetched from inside the own network only where the operator has said so", async () => {
  const db = await testWorld();
  let knocks = 0;
  const inside = createServer((socket) => {
    knocks += 1;
    socket.destroy();
  });
  const port = await new Promise<number | undefined>((done) => {
    // The only ports that are ever asked; where another program holds this one, it is asked instead.
    inside.once("error", () => done(undefined)).listen(8443, "127.0.0.1", () => done(8443));
  });
  const reasonOf = (world: Database) =>
    fetchMetadataText(world, "https://127.0.0.1:8443/metadata").then(
      () => "fetched",
      (error: { facts: { reason: string } }) => error.facts.reason,
    );
  try {
    expect(await reasonOf(installed(db, {}))).toBe("address_not_public");
    expect(await reasonOf(installed(db, { PLENUM_PRIVATE_METADATA: "false" }))).toBe("address_not_public");
    expect(knocks).toBe(0);

    expect(await reasonOf(installed(db, { PLENUM_PRIVATE_METADATA: "true" }))).toBe("failed");
    expect(knocks).toBe(port === undefined ? 0 : 1);
  } finally {
    await new Promise((done) => inside.close(done));
  }
});
