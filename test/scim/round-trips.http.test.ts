import { coreUser } from "../../services/scim/urns";
import { countRoundTrips } from "../support/round-trips";
import { asOwner, openScim, patchOp, scimClient } from "./support/door";

test("NFR-01, DB-15: what identity providers do all day takes few round trips to the database", async () => {
  const server = await openScim();
  const idp = await scimClient(server, { seats: 20 });
  const trips = countRoundTrips(server.db);
  const add = (name: string) => idp.post("/Users", { schemas: [coreUser], userName: idp.org.email(name) });
  const { body: user } = await add("first");
  const { body: group } = await idp.post("/Groups", { displayName: "All", members: [{ value: user.id }] });
  const suspend = (id: string) => idp.patch(`/Users/${id}`, patchOp({ op: "replace", value: { active: false } }));
  const counts: Record<string, number> = {};
  const count = async (what: string, work: () => Promise<unknown>) => {
    counts[what] = (await trips.of(work)).trips;
  };

  await count("find", () => idp.find(`userName eq "${user.userName}"`));
  await count("read", () => idp.get(`/Users/${user.id}`));
  await count("create", () => add("second"));
  // The first departures of an hour look how many there are.
  for (const name of ["third", "fourth"]) await suspend((await add(name)).body.id);
  await count("suspend, watched closely", () => suspend(user.id));
  const { body: last } = await add("last");
  await asOwner("update identity_connection set guard_minimum = 1000 where org_id = $1", [idp.org.orgId]);
  await asOwner("update provisioning_run set threshold = 1000 where org_id = $1", [idp.org.orgId]);
  await count("suspend", () => suspend(last.id));
  await count("rename", () =>
    idp.patch(`/Users/${user.id}`, patchOp({ op: "replace", path: "title", value: "Chief" })),
  );
  await count("read a group", () => idp.get(`/Groups/${group.id}`));
  await count("find a group", () =>
    server.send({
      path: `${idp.base}/Groups?filter=displayName%20eq%20%22All%22`,
      headers: { authorization: `Bearer ${idp.token}` },
    }),
  );

  expect(counts).toEqual({
    find: 1,
    read: 1,
    create: 3,
    "suspend, watched closely": 6,
    suspend: 5,
    rename: 3,
    "read a group": 1,
    "find a group": 1,
  });
});
