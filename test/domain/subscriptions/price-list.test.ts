import { applyDueChanges, createSubscription, previewSubscriptionChange } from "../../../services/domain/subscriptions";
import { entities } from "../../../services/domain/entities";
import { openDataSource } from "../../../services/platform/data-source";
import { Keyring, masterKeyOf } from "../../../services/platform/keys";
import { Database } from "../../../services/platform/unit-of-work";
import { closeAfterFile, connect, freshDatabase } from "../../support/database";
import { buildOrg, publicUrl, testClock } from "../../support/world";
import { historyOf, reload } from "./support";

test("DEC-15, B2, INV-12: a new price list counts from the period that begins under it, also when it is made up for late", async () => {
  const { appUrl, ownerUrl } = await freshDatabase();
  const source = await openDataSource({
    target: appUrl,
    max: 4,
    applicationName: "plenum test",
    entities: [...entities],
  });
  closeAfterFile(() => source.destroy());
  const clock = testClock("2026-01-15T12:00:00.000Z");
  const db = new Database(source, clock, { publicUrl, keyring: new Keyring(masterKeyOf("the key of this test")) });
  const org = await buildOrg(db);
  const pool = await org.run((tx) =>
    createSubscription(tx, { planCode: "attendant", quantity: 3, billingMode: "MONTHLY" }),
  );
  expect(pool.price.unitAmount).toBe("9.0000000000");

  const owner = await connect(ownerUrl);
  const which = "plan_code = 'attendant' and billing_mode = 'MONTHLY' and currency = 'EUR'";
  await owner.query(`update plan_price set valid = tstzrange('2020-01-01', '2026-03-01') where ${which}`);
  await owner.query(
    `insert into plan_price select gen_random_uuid(), plan_code, billing_mode, cycle_kind, currency, 11, proration,
       tstzrange('2026-03-01', null) from plan_price where ${which}`,
  );

  clock.set("2026-03-10T12:00:00.000Z");
  const now = await org.run((tx) => previewSubscriptionChange(tx, { id: pool.id, quantity: 4 }));
  expect(now.lines).toMatchObject([{ unitAmount: "9.0000000000", daysLeft: 5, daysTotal: 28 }]);

  clock.set("2026-05-01T12:00:00.000Z");
  for (let n = 0; n < 10; n++) await org.run((tx) => applyDueChanges(tx, {}), org.system);
  const renewals = (await historyOf(org, pool.id)).filter(({ action }) => action === "subscription.renew");
  expect(renewals.map(({ facts }) => [String(facts.periodStart).slice(0, 10), facts.unitAmount])).toEqual([
    ["2026-02-14", "9.0000000000"],
    ["2026-03-14", "11.0000000000"],
    ["2026-04-14", "11.0000000000"],
  ]);
  expect((await reload(org, pool.id)).price.unitAmount).toBe("11.0000000000");
});
