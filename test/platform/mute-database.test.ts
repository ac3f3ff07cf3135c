import { getOrganization } from "../../services/domain/organizations";
import { systemClock } from "../../services/kernel/clock";
import { PlenumError } from "../../services/kernel/errors";
import { appRole } from "../../services/platform/embedded";
import { Database } from "../../services/platform/unit-of-work";
import { budgetMs } from "../support/child";
import { testDatabase, testSource } from "../support/database";
import { DatabaseProxy } from "../support/proxy";
import { buildOrg, testWorld } from "../support/world";

test("DB-10, REL-21: a refusal is told although the database does not answer its rollback, and the connection is not used again", async () => {
  const world = await testWorld();
  const org = await buildOrg(world);
  const { name, appUrl } = await testDatabase();
  const proxy = await DatabaseProxy.open((appUrl as { host: string }).host);
  const source = await testSource({ target: { connectionString: proxy.url(appRole, name) }, max: 1 });
  const db = new Database(source, systemClock, world.instance);
  const began = performance.now();

  const refused = db.run(org.system, async (tx) => {
    await getOrganization(tx);
    proxy.mute();
    throw new PlenumError("conflict", "somebody else was first", {});
  });

  await expect(refused).rejects.toMatchObject({ code: "conflict" });
  expect(performance.now() - began).toBeLessThan(budgetMs(10_000));
  // The only place of the pool is free again, and a new connection is answered.
  expect((await db.run(org.system, (tx) => getOrganization(tx))).slug).toBe(org.slug);
}, 40_000);
