import { coreUser, enterpriseUser } from "../../services/scim/urns";
import { redacted } from "../../services/scim/log-request";
import { asOwner, openScim, patchOp, scimClient, type ScimClient, type ScimServer } from "./support/door";

let server: ScimServer;
beforeAll(async () => {
  server = await openScim();
});

const entries = (idp: ScimClient): Promise<readonly Record<string, unknown>[]> =>
  asOwner(
    `select method, path, resource_kind, resource_id is not null as has_resource, status, scim_type, detail, coercions, warnings, diff, seat_effect,
       token_name, user_agent, request_id, duration_ms, request_enc from provisioning_entry where org_id = $1 order by at, id`,
    [idp.org.orgId],
  );

test("SCIM-195, SCIM-001: a write is logged with what it did and what the dialect changed", async () => {
  const idp = await scimClient(server, { preset: "entra" });
  const { id } = (
    await idp.post(
      "/Users",
      { schemas: [coreUser], userName: idp.org.email("ada"), active: "True", password: "s3cret" },
      { "user-agent": "Entra", "x-request-id": "request-one" },
    )
  ).body;
  await idp.patch(`/Users/${id}`, patchOp({ op: "Replace", path: "active", value: "False" }));
  await idp.get("/Users");
  const [create, patch, ...more] = await entries(idp);

  expect(more).toEqual([]);
  expect(create).toMatchObject({
    method: "POST",
    path: "/Users",
    resource_kind: "member",
    has_resource: true,
    status: 201,
    scim_type: null,
    seat_effect: "taken",
    token_name: "SCIM token",
    user_agent: "Entra",
    request_id: "request-one",
    coercions: [{ path: "active", rule: "coerceScalars", from: "True", to: true }],
    diff: ["userName", "active"],
  });
  expect(patch).toMatchObject({
    method: "PATCH",
    path: `/Users/${id}`,
    status: 200,
    diff: ["active"],
    seat_effect: "released",
  });
  expect((create?.["request_enc"] as Buffer).toString("latin1")).not.toContain("s3cret");
  expect((create?.["request_enc"] as Buffer).toString("latin1")).not.toContain(idp.org.email("ada"));
});

test("SCIM-195: a refused request is logged although everything it did was rolled back, a failed read too", async () => {
  const idp = await scimClient(server, { seats: 1 });
  await idp.post("/Users", { schemas: [coreUser], userName: idp.org.email("ada") });
  await idp.get("/Users/nonsense");
  await idp.get("/Users?filter=foo%20eq%201");
  await idp.send({ method: "POST", path: "/Users", raw: "{", headers: { "content-type": "application/json" } });
  const lines = (await entries(idp)).map((e) => [
    e["method"],
    e["path"],
    e["status"],
    e["scim_type"],
    e["seat_effect"],
  ]);

  expect(lines).toEqual([
    ["POST", "/Users", 403, "seatLimitReached", null],
    ["GET", "/Users/nonsense", 404, null, null],
    ["GET", "/Users", 400, "invalidFilter", null],
    ["POST", "/Users", 400, "invalidSyntax", null],
  ]);
  const denied = await asOwner("select action, facts from audit_entry where org_id = $1 and result = 'DENIED'", [
    idp.org.orgId,
  ]);
  expect(denied).toEqual([
    { action: "scim.request", facts: { method: "POST", path: "/Users", reason: "seatLimitReached" } },
  ]);
});

test("SCIM-195: writes of a token that only reads, and requests while SCIM is paused, are logged as refused", async () => {
  const idp = await scimClient(server, { scopes: ["scim.read"] });
  await idp.post("/Users", { schemas: [coreUser], userName: idp.org.email("ada") });
  await asOwner("update identity_connection set scim_state = 'PAUSED' where org_id = $1", [idp.org.orgId]);
  await idp.get("/Users");

  expect((await entries(idp)).map((e) => [e["method"], e["status"]])).toEqual([
    ["POST", 403],
    ["GET", 403],
  ]);
});

test("SCIM-195: what was ignored is named", async () => {
  const idp = await scimClient(server);
  await idp.post("/Users", {
    schemas: [coreUser, "urn:x"],
    userName: idp.org.email("ada"),
    colour: "red",
    [enterpriseUser]: { shoe: 42 },
  });

  expect((await entries(idp))[0]?.["warnings"]).toEqual([
    { path: "schemas", text: 'unknown schema "urn:x"; ignored' },
    { path: "colour", text: "unknown attribute; ignored" },
    { path: `${enterpriseUser}:shoe`, text: "unknown attribute; ignored" },
  ]);
});

test("SCIM-075: passwords are taken out of a body before it is kept, wherever they stand", () => {
  const body = {
    PassWord: "a",
    userName: "x",
    "urn:ietf:params:scim:schemas:core:2.0:User:password": "b",
    Operations: [
      { op: "replace", path: "password", value: "c" },
      { op: "replace", value: { password: "d" } },
      { op: "add", path: "urn:ietf:params:scim:schemas:core:2.0:User:PASSWORD", value: "e" },
      { op: "add", path: "title", value: "f" },
    ],
  };

  expect(JSON.stringify(redacted(body)).match(/"[abcde]"/g)).toBeNull();
  expect(JSON.stringify(redacted(body))).toContain('"f"');
  expect(redacted(undefined)).toBeNull();
});
