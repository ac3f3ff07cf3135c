import { connect, testDatabase } from "../support/database";
import { coreUser } from "../../services/scim/urns";
import { openScim, scimClient } from "./support/door";

test("SCIM-033: while the rows cannot be reached, reads and writes are 503 with whole seconds: no empty list, no 404, no 401, no 409", async () => {
  const server = await openScim();
  const idp = await scimClient(server);
  const owner = (await idp.get("/Users")).body.Resources[0];
  const blocker = await connect((await testDatabase()).superUrl);
  await blocker.query("begin");
  await blocker.query("lock table member in access exclusive mode");
  const replies = await Promise.all([
    idp.get('/Users?filter=userName%20eq%20"x"'),
    idp.get(`/Users/${String(owner.id)}`),
    idp.post("/Users", { schemas: [coreUser], userName: idp.org.email("ada") }),
  ]);
  await blocker.query("rollback");

  for (const { status, headers, body } of replies) {
    expect([status, headers["retry-after"], body.status, body.Resources]).toEqual([503, "30", "503", undefined]);
  }
  expect((await idp.get("/Users")).body.totalResults).toBe(1);
}, 60_000);

test("SCIM-033: when connections break in the middle, the answer is 503 and the next request is served", async () => {
  const server = await openScim();
  const idp = await scimClient(server);
  const killer = await connect((await testDatabase()).superUrl);
  const blocker = await connect((await testDatabase()).superUrl);
  await blocker.query("begin");
  await blocker.query("lock table member in access exclusive mode");
  const waiting = idp.get("/Users");
  for (let killed = 0; killed === 0;) {
    const { rowCount } = await killer.query(
      "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'",
    );
    killed = rowCount ?? 0;
  }
  const reply = await waiting;
  await blocker.query("rollback");

  expect([reply.status, reply.body.status]).toEqual([503, "503"]);
  expect((await idp.get("/Users")).status).toBe(200);
}, 60_000);
