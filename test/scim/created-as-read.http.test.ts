import fc from "fast-check";
import { coreUser, enterpriseUser, plenumUser } from "../../services/scim/urns";
import { openScim, scimClient, type ScimServer } from "./support/door";

let server: ScimServer;
beforeAll(async () => {
  server = await openScim();
});

const text = fc.string({ unit: "grapheme", minLength: 1, maxLength: 30 }).filter((it) => it.trim() !== "");
const maybe = <T>(it: fc.Arbitrary<T>) => fc.option(it, { nil: undefined });
const typed = (value: fc.Arbitrary<unknown>) =>
  fc.uniqueArray(
    fc.record(
      { value, type: fc.constantFrom("work", "home", "other"), display: maybe(text) },
      { requiredKeys: ["value"] },
    ),
    { maxLength: 3, selector: (it) => JSON.stringify(it.value) },
  );
const user = fc.record(
  {
    externalId: text,
    displayName: text,
    nickName: text,
    title: text,
    timezone: fc.constantFrom("Europe/Paris", "Mars/Olympus"),
    locale: fc.constantFrom("fr-FR", "en-US"),
    active: fc.boolean(),
    name: fc.record({ givenName: text, familyName: text, formatted: text }, { requiredKeys: [] }),
    phoneNumbers: typed(fc.nat().map((n) => `+33${n}`)),
    ims: typed(text),
    addresses: fc.array(fc.record({ locality: text, postalCode: text, primary: fc.constant(false) }), { maxLength: 2 }),
    [enterpriseUser]: fc.record(
      { department: text, employeeNumber: text, manager: fc.record({ value: text }) },
      { requiredKeys: [] },
    ),
    [plenumUser]: fc.record({ licence: fc.constant("teams") }, { requiredKeys: [] }),
  },
  { requiredKeys: [] },
);

test("SCIM-090, SCIM-143: what creating answers is what reading answers afterwards, whatever was sent", async () => {
  const idp = await scimClient(server, { preset: "tolerant", seats: 20 });
  let n = 0;
  let seated = 0;
  await fc.assert(
    fc.asyncProperty(user, async (sent) => {
      const userName = idp.org.email(`as-read-${n++}`);
      const emails = [{ value: userName, type: "work", primary: true }];
      const created = await idp.post("/Users", { schemas: [coreUser], ...sent, userName, emails });
      if (created.status === 201) {
        expect((await idp.get(`/Users/${created.body.id}`)).body).toEqual(created.body);
        seated += created.body[plenumUser]?.seatStatus === "assigned" ? 1 : 0;
      } else expect(created.status).toBe(created.body.scimType === "seatLimitReached" ? 403 : 400);
    }),
    { numRuns: 150 },
  );
  expect(seated).toBeGreaterThan(5);
}, 60_000);
