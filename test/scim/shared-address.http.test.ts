import { asSuperuser } from "../support/identity";
import { openScim, scimClient } from "./support/door";

test("SCIM-049, ruling c12: two users with one e-mail address are made at once as one after the other: the second has no address to sign in by", async () => {
  const idp = await scimClient(await openScim(), { seats: 40 });
  const user = (userName: string, value: string) => ({ userName, emails: [{ value, type: "work", primary: true }] });

  for (let round = 0; round < 8; round++) {
    const address = idp.org.email(`shared${round}`);
    const made = await Promise.all([1, 2].map((n) => idp.post("/Users", user(`user${round}-${n}`, address))));

    expect(made.map(({ status }) => status)).toEqual([201, 201]);
    const owners = await asSuperuser<{ n: number }>(
      "select count(*)::integer as n from member where org_id = $1 and login_email_norm = $2",
      [idp.org.orgId, address],
    );
    expect(owners).toEqual([{ n: 1 }]);
  }
});
