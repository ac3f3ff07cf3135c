import { openScim, patchOp, scimClient, type ScimServer } from "./support/door";
import { coreUser, enterpriseUser, plenumUser } from "../../services/scim/urns";

let server: ScimServer;
beforeAll(async () => {
  server = await openScim();
});

test("SCIM-090: POST answers 201 with the whole resource, Location and ETag", async () => {
  const idp = await scimClient(server);
  const reply = await idp.post("/Users", {
    schemas: [coreUser, enterpriseUser],
    externalId: "00u1",
    userName: idp.org.email("Ada"),
    name: { givenName: "Ada", familyName: "L" },
    emails: [{ value: idp.org.email("ada"), type: "work", primary: true }],
    active: true,
    groups: [],
    password: "x9",
    [enterpriseUser]: { department: "R&D" },
  });
  console.log(reply.status, reply.headers, JSON.stringify(reply.body, null, 1));
  expect(reply.status).toBe(201);
  const list = await idp.get("/Users?count=5");
  console.log(JSON.stringify(list.body, null, 1), plenumUser);
  const p = await idp.patch(`/Users/${reply.body.id}`, patchOp({ op: "replace", path: "active", value: "False" }));
  console.log(p.status, JSON.stringify(p.body));
});
