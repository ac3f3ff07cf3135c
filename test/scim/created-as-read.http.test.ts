import fc from "fast-check";
import { coreUser, enterpriseUser, plenumUser } from "../../services/scim/urns";
import { openScim, patchOp, scimClient, type ScimServer } from "./support/door";

let server: ScimServer;
beforeAll(async () => {
  server = await openScim({}, { scimRate: 100_000 });
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

const path = fc.constantFrom(
  "displayName",
  "title",
  "nickName",
  "name.familyName",
  "externalId",
  "active",
  'emails[type eq "work"].display',
  'phoneNumbers[type eq "work"].value',
  `${enterpriseUser}:department`,
);
const operation = fc.oneof(
  fc
    .record({ op: fc.constantFrom("add", "replace"), path, value: text })
    .map((it) => (it.path === "active" ? { ...it, value: it.value < "m" } : it)),
  fc.record({ op: fc.constant("remove"), path }),
  fc.record({ op: fc.constant("replace"), value: user }),
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
    { numRuns: 80 },
  );
  expect(seated).toBeGreaterThan(5);
}, 60_000);

test("SCIM-150, SCIM-157: what a change answers is what reading answers afterwards, whatever was changed", async () => {
  const idp = await scimClient(server, { preset: "tolerant", seats: 3 });
  const ids: string[] = [];
  for (const name of ["one", "two", "three", "four"]) {
    const active = name !== "four";
    const { body } = await idp.post("/Users", { schemas: [coreUser], userName: idp.org.email(name), active });
    ids.push(body.id);
  }
  await idp.post("/Groups", { displayName: "All", members: ids.map((value) => ({ value })) });
  const outcomes: Record<number, number> = {};
  await fc.assert(
    fc.asyncProperty(fc.nat(3), fc.array(operation, { minLength: 1, maxLength: 3 }), async (n, Operations) => {
      const at = `/Users/${ids[n] ?? ""}`;
      const before = (await idp.get(at)).body;
      const answer = await idp.patch(at, patchOp(...Operations));
      outcomes[answer.status] = (outcomes[answer.status] ?? 0) + 1;
      expect((await idp.get(at)).body).toEqual(answer.status === 200 ? answer.body : before);
    }),
    { numRuns: 120 },
  );
  expect(outcomes[200]).toBeGreaterThan(30);
}, 60_000);
