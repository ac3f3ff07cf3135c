import { coreGroup, coreUser } from "../../services/scim/urns";
import { asOwner, openScim, patchOp, scimClient, type ScimClient, type ScimServer } from "./support/door";

let server: ScimServer;
beforeAll(async () => {
  server = await openScim();
});

const dry = { "x-plenum-dry-run": "true" };

/** Everything that a write leaves behind, counted. */
async function traces({ org: { orgId } }: ScimClient): Promise<Record<string, unknown>> {
  const tables = ["member", "member_value", "member_group", "group_member", "licence_assignment", "provisioning_entry"];
  const more = ["provisioning_link", "domain_event", "audit_entry", "invitation", "person_member", "outgoing_mail"];
  const counts = [...tables, ...more].map(
    (table) => `(select count(*)::int from ${table} where org_id = $1) as ${table}`,
  );
  const [row] = await asOwner(`select ${counts.join(", ")}`, [orgId]);
  return row ?? {};
}

const shape = ({ status, body }: { status: number; body: Record<string, unknown> | undefined }): unknown => {
  const { id: _id, meta: _meta, detail, ...rest } = body ?? {};
  const words = typeof detail === "string" ? { detail: detail.replace(/ \(request .*\)$/, "") } : {};
  return { status, ...rest, ...words };
};

test("SCIM-197: with X-Plenum-Dry-Run a request answers as it would and stores nothing, and the header comes back", async () => {
  const idp = await scimClient(server, { preset: "entra", seats: 3 });
  const ada = { schemas: [coreUser], userName: idp.org.email("ada"), active: "True", title: "Analyst" };
  const outside = { schemas: [coreUser], userName: "eve@elsewhere.example" };
  const { id: bob } = (await idp.post("/Users", { schemas: [coreUser], userName: idp.org.email("bob") })).body;
  const before = await traces(idp);

  const tried = [
    await idp.post("/Users", ada, dry),
    await idp.post("/Users", outside, dry),
    await idp.patch(`/Users/${bob}`, patchOp({ op: "Replace", path: "active", value: "False" }), dry),
    await idp.post("/Groups", { schemas: [coreGroup], displayName: "Sales", members: [{ value: bob }] }, dry),
    await idp.delete(`/Users/${bob}`, dry),
  ];

  expect(await traces(idp)).toEqual(before);
  expect(tried.map(({ status, headers }) => [status, headers["x-plenum-dry-run"]])).toEqual([
    [201, "true"],
    [201, "true"],
    [200, "true"],
    [201, "true"],
    [204, "true"],
  ]);
  expect(shape(tried[0]!)).toEqual(shape(await idp.post("/Users", ada)));
  expect((await idp.get(`/Users/${bob}`)).body.active).toBe(true);
});

test("SCIM-197: a dry run is refused with the words of the real run, and leaves no line in the log", async () => {
  const idp = await scimClient(server, { seats: 2 });
  const post = (name: string, headers = {}) =>
    idp.post("/Users", { schemas: [coreUser], userName: idp.org.email(name) }, headers);
  await post("ada");
  const before = await traces(idp);

  const [taken, full, unknown] = [await post("ADA", dry), await post("bob", dry), await idp.delete("/Users/x", dry)];
  expect(await traces(idp)).toEqual(before);
  expect([taken, full, unknown].map(({ headers }) => headers["x-plenum-dry-run"])).toEqual(["true", "true", "true"]);
  expect([shape(taken), shape(full), shape(unknown)]).toEqual([
    shape(await post("ADA")),
    shape(await post("bob")),
    shape(await idp.delete("/Users/x")),
  ]);
  expect(taken.body).toMatchObject({ status: "409", scimType: "uniqueness", detail: expect.stringContaining("mem_") });
  expect(full.body).toMatchObject({ status: "403", scimType: "seatLimitReached" });
});

test("SCIM-197: what is no clear yes or no is refused instead of done, and Bulk cannot be run dry", async () => {
  const idp = await scimClient(server);
  const body = { schemas: [coreUser], userName: idp.org.email("ada") };
  const before = await traces(idp);

  const unclear = await idp.post("/Users", body, { "x-plenum-dry-run": "1" });
  expect(unclear.body).toMatchObject({ status: "400", scimType: "invalidValue" });
  const operation = { method: "POST", path: "/Users", bulkId: "a", data: body };
  const bulk = await idp.post("/Bulk", { Operations: [operation] }, dry);
  expect(bulk.body).toMatchObject({ status: "400", scimType: "invalidValue" });

  expect(await traces(idp)).toEqual(before);
  expect((await idp.post("/Users", body, { "x-plenum-dry-run": "false" })).status).toBe(201);
});
