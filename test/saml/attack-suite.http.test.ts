import type { Database } from "../../services/platform/unit-of-work";
import { attacks } from "../support/attacks";
import { encode, makeKeys, type KeyPair } from "../support/saml-kit";
import { askedIn, Browser, codeOn, connectIdp, openSaml, sceneFor, type SamlSite } from "../support/saml-door";
import { countsOf, requestRow, trailOf } from "../support/saml-rows";
import { buildOrg, testClock, testWorld, type TestOrg } from "../support/world";

// The same catalogue again, through the door: what comes back is a page with the code, what stays is a line in the
// audit log, and nothing that a sign-in would make.
const clock = testClock("2026-03-02T09:00:00.000Z");
let db: Database;
let base: string;
let org: TestOrg;
let idp: SamlSite;
let foreignKeys: KeyPair;

beforeAll(async () => {
  db = await testWorld({ clock });
  const [address, keys, strangers] = await Promise.all([openSaml(db), makeKeys("idp"), makeKeys("stranger")]);
  base = address;
  foreignKeys = strangers;
  org = await buildOrg(db);
  idp = await connectIdp(org, keys);
});

const overHttp = attacks.filter(({ trust, expectation }) => !trust && !expectation);

test.each(overHttp.map((attack) => [attack.id, attack.what, attack] as const))(
  "%s over HTTP: %s",
  async (_id, _what, attack) => {
    for (const [name, variant] of Object.entries(attack.variants)) {
      if (variant.trust || variant.expectation) continue;
      const browser = new Browser(base);
      const start = await browser.get(idp.connection.urls.loginUrl);
      const { id: requestId, relayState } = askedIn(start.location ?? "");
      const built = variant.build(sceneFor(idp, requestId, { now: clock.now(), foreignKeys }));
      const before = await countsOf(org);

      const answer = await browser.post(idp.connection.urls.acsUrl, {
        SAMLResponse: variant.isField ? built : encode(built),
        RelayState: relayState,
      });

      // An empty field is no response at all; everything else keeps its code.
      const expected = built === "" ? "response_missing" : variant.code;
      expect([name, codeOn(answer), answer.status >= 400 && answer.status < 500]).toEqual([name, expected, true]);
      expect(await countsOf(org)).toEqual(before);
      expect([...browser.cookies.keys()].some((cookie) => cookie.endsWith("plenum_session"))).toBe(false);
      expect(answer.text).not.toMatch(/alert\(1\)|ceo@acme|BEGIN|at \w+ \(/);
      expect((await trailOf(org))[0]).toMatchObject({
        action: "sso.refuse",
        result: "DENIED",
        facts: { code: expected },
      });
      expect(await requestRow(org, requestId)).toMatchObject({ status: "PENDING" });
    }
  },
);
