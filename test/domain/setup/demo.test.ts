import { entranceOf } from "../../../services/domain/identity";
import { showDemo } from "../../../services/domain/setup";
import { showSeatSummary } from "../../../services/domain/subscriptions";
import { testWorld } from "../../support/world";

test("contract §4: the demonstration is there once, with the same ids everywhere and fresh tokens at each call", async () => {
  const db = await testWorld();

  const first = await showDemo(db, "demo");
  const second = await showDemo(db, "demo");

  expect(second.organization).toEqual(first.organization);
  expect(first.organization).toEqual({ id: "org_01kdvdna00e71bz01vxqyjrz48", slug: "atelier-lumiere" });
  expect(second.ownerToken).not.toBe(first.ownerToken);
  expect(first.saml.connectionId).toBe(second.saml.connectionId);
  expect(first.ownerSignInUrl).toMatch(/^http:\/\/localhost:4000\/sign-in\/[\w-]{43}\?now=1$/);
  const seats = await db.run(entranceOf(first.ownerToken, { requestId: "demo" })!, (tx) => showSeatSummary(tx, {}));
  expect(seats).toMatchObject({ purchased: 36, reserved: 4, used: 28, available: 8, billed: 36 });
});
