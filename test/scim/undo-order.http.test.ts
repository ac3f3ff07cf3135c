import {
  changeProvisioningSettings,
  deprovisionMember,
  listProvisioningRuns,
  undoDeprovisioning,
  undoNextMember,
  undoRuns,
} from "../../services/domain/provisioning";
import { parseId } from "../../services/kernel/ids";
import { coreUser } from "../../services/scim/urns";
import { connect, testDatabase } from "../support/database";
import { asOwner, openScim, patchOp, scimClient, type ScimServer } from "./support/door";

let server: ScimServer;

beforeAll(async () => {
  server = await openScim({ poolMax: 16 });
});

test("SCIM-190, DB-14: members who are brought back while their provider deletes them: nobody waits in a circle, nobody is left over", async () => {
  const idp = await scimClient(server);
  const { org, connectionId } = idp;
  await org.run((tx) => changeProvisioningSettings(tx, { connectionId, minimum: 1, percent: 1 }));
  const people: string[] = [];
  for (let i = 0; i < 12; i++) {
    people.push(String((await idp.post("/Users", { schemas: [coreUser], userName: org.email(`u${i}`) })).body.id));
  }
  for (const id of people) await idp.patch(`/Users/${id}`, patchOp({ op: "replace", path: "active", value: false }));
  const [run] = await org.run((tx) => listProvisioningRuns(tx, {}));
  await org.run((tx) => undoDeprovisioning(tx, { id: run!.id }));

  let circles = 0;
  const heard = async (work: Promise<unknown>) =>
    work.catch((error: unknown) => {
      if ((error as { code?: unknown }).code === "40P01") circles += 1;
      throw error;
    });
  const by = { connectionId, name: "SCIM", roleCeiling: "ADMIN" } as const;
  await Promise.all(
    people.flatMap((text) => {
      const id = parseId("member", text);
      return [
        org.run((tx) => heard(deprovisionMember(tx, { by, id })), org.system),
        org.run((tx) => heard(undoNextMember(tx, {})), org.system),
      ];
    }),
  );
  while (await org.run((tx) => undoNextMember(tx, {}), org.system));

  expect(circles).toBe(0);
  const lines = await asOwner(
    "select count(*)::int as lines, count(undone_at)::int as settled from provisioning_undo where org_id = $1 and run_id = $2",
    [org.orgId, run!.id],
  );
  expect(lines).toEqual([{ lines: 12, settled: 12 }]);
});

test("SCIM-190, DB-14: who cannot be brought back because others hold them is brought back later, not given up", async () => {
  const idp = await scimClient(server);
  const { org, connectionId } = idp;
  await org.run((tx) => changeProvisioningSettings(tx, { connectionId, minimum: 1, percent: 1 }));
  const people: string[] = [];
  for (const name of ["a", "b"]) {
    people.push(String((await idp.post("/Users", { schemas: [coreUser], userName: org.email(name) })).body.id));
  }
  for (const id of people) await idp.patch(`/Users/${id}`, patchOp({ op: "replace", path: "active", value: false }));
  const [run] = await org.run((tx) => listProvisioningRuns(tx, {}));
  await org.run((tx) => undoDeprovisioning(tx, { id: run!.id }));

  const holder = await connect((await testDatabase()).superUrl);
  await holder.query("begin");
  await holder.query("select from member where org_id = $1 for update", [org.orgId]);
  await expect(undoRuns(server.db, org.system)).rejects.toMatchObject({ code: "conflict" });
  await holder.query("commit");
  await undoRuns(server.db, org.system);

  const outcomes = "select outcome from provisioning_undo where org_id = $1 and run_id = $2";
  expect(await asOwner(outcomes, [org.orgId, run!.id])).toEqual([{ outcome: "RESTORED" }, { outcome: "RESTORED" }]);
}, 30_000);
