import { coreUser } from "../../services/scim/urns";
import { sql, statement } from "../../services/platform/sql";
import { openScim, patchOp, ScimClient, scimClient } from "./support/door";

test("SCIM-203: what one replica has answered, the match on another replica finds at once", async () => {
  const [first, second] = [await openScim(), await openScim()];
  const here = await scimClient(first, { seats: 60 });
  const there = new ScimClient(second, here.org, here.connectionId, here.token);
  const name = (n: number) => here.org.email(`user${n}`);

  const found = await Promise.all(
    Array.from({ length: 40 }, async (_, n) => {
      const made = await here.post("/Users", { schemas: [coreUser], userName: name(n), externalId: `ext-${n}` });
      const byName = await there.find(`userName eq "${name(n).toUpperCase()}"`);
      await there.patch(`/Users/${made.body.id}`, patchOp({ op: "replace", path: "externalId", value: `new-${n}` }));
      const byId = await here.find(`externalId eq "new-${n}"`);
      const byOldId = await here.find(`externalId eq "ext-${n}"`);
      return [made.status, byName.Resources[0]?.id, byId.Resources[0]?.id, byOldId.totalResults].map((value) =>
        value === made.body.id ? "the user" : value,
      );
    }),
  );

  expect(found).toEqual(Array.from({ length: 40 }, () => [201, "the user", "the user", 0]));
  const recovering = statement("is-standby", "select pg_is_in_recovery() as standby");
  expect(await here.org.run((tx) => sql(tx).one(recovering), here.org.operator)).toEqual({ standby: false });
});
