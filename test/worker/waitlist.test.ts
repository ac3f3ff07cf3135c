import { changeMember } from "../../services/domain/members";
import { changeOrganization } from "../../services/domain/organizations";
import { openLicencesOf } from "../../services/domain/seats";
import { showSeatSummary } from "../../services/domain/subscriptions";
import { workAgenda } from "../../services/worker/agenda-loop";
import { buildOrg, testClock } from "../support/world";
import { lonelyDatabase, tools } from "./support";

test("SCIM-185, REL-20: whoever joins the line while a seat is being given back gets it, though neither saw the other", async () => {
  const clock = testClock();
  const db = await lonelyDatabase(clock);
  const org = await buildOrg(db, { seats: 2 });
  await org.run((tx) => changeOrganization(tx, { seatPolicy: "waitlist" }));
  const ada = await org.add("ada");
  let commit: () => void = () => undefined;
  const until = new Promise<void>((done) => (commit = done));
  let written: () => void = () => undefined;
  const isWritten = new Promise<void>((done) => (written = done));
  const leaving = org.run(async (tx) => {
    await changeMember(tx, { id: ada.id, changes: [{ kind: "suspend" }] });
    written();
    await until;
  });
  await isWritten;
  const bob = await org.add("bob");
  commit();
  await leaving;
  const seats = () => org.run((tx) => showSeatSummary(tx, {}));
  const held = async () => (await org.run((tx) => openLicencesOf(tx, bob.id))).map((licence) => licence.planCode);
  expect([await seats(), await held()]).toMatchObject([{ used: 1, available: 1 }, []]);

  while ((await workAgenda(db, tools)) > 0);
  clock.advanceMs(15_000);
  while ((await workAgenda(db, tools)) > 0);

  expect([await seats(), await held()]).toMatchObject([{ used: 2, available: 0 }, ["teams"]]);
});
