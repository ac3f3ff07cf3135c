import { setTimeout as sleep } from "node:timers/promises";
import { changeOrganization } from "../../services/domain/organizations";
import { appRole } from "../../services/platform/embedded";
import { until } from "../support/child";
import { shareNoDatabase, testDatabase } from "../support/database";
import { asSuperuser } from "../support/identity";
import { DatabaseProxy } from "../support/proxy";
import { startServers } from "../support/servers";
import { buildOrg, testWorld } from "../support/world";

shareNoDatabase();

test("REL-21, REL-12: a worker that loses the database while it delivers lives on, and delivers once it is back", async () => {
  const db = await testWorld();
  const org = await buildOrg(db, { seats: 200 });
  const { name, appUrl } = await testDatabase();
  const proxy = await DatabaseProxy.open((appUrl as { host: string }).host);
  const [server] = await startServers(1, { PLENUM_DOORS: "worker", DATABASE_URL: proxy.url(appRole, name) });
  for (let round = 0; round < 6; round++) {
    for (let n = 0; n < 12; n++) await org.add(`round${round}-${n}`);
    await org.run((tx) => changeOrganization(tx, { name: `Round ${round}` }));
    // In the middle of a delivery: a job is taken and not yet noted as done.
    await sleep(20 * round);
    await proxy.cut();
    await sleep(300);
    expect(server?.child.process.exitCode).toBe(null);
    await proxy.restore();
    await sleep(200);
  }

  // What was taken by a connection that is gone is freed after two minutes; what comes now is done now.
  const [mark] = await asSuperuser<{ id: string }>("select coalesce(max(id), 0) as id from graphile_worker.jobs");
  await org.add("afterwards");
  const left = () => asSuperuser("select from graphile_worker.jobs where id > $1", [mark?.id]);
  expect(await until(async () => (await left()).length === 0, 40_000)).toBe(true);
  expect(server?.child.process.exitCode).toBe(null);
}, 120_000);
