import type { Database } from "../../services/platform/unit-of-work";
import type { Trust } from "../../services/saml/trust";
import { attacks } from "../support/attacks";
import { dress } from "../support/saml-dress";
import { encode, makeKeys, type KeyPair, type Scene } from "../support/saml-kit";
import { askedIn, Browser, codeOn, connectIdp, openSaml, sceneFor, type SamlSite } from "../support/saml-door";
import { configure, countsOf, requestRow, trailOf } from "../support/saml-rows";
import { modesOf, variantsIn } from "../support/saml-scene";
import { buildOrg, testClock, testWorld, type TestOrg } from "../support/world";

// The same catalogue again, through the door, at one or another of two replicas: what comes back is a page with the
// code, what stays is a line in the audit log, and nothing that a sign-in would make.
const clock = testClock("2026-03-02T09:00:00.000Z");
let db: Database;
let replicas: readonly string[];
let org: TestOrg;
let idp: SamlSite;
let foreignKeys: KeyPair;

beforeAll(async () => {
  db = await testWorld({ clock });
  const second = await testWorld({ clock });
  const [keys, strangers] = await Promise.all([makeKeys("idp"), makeKeys("stranger")]);
  replicas = await Promise.all([openSaml(db), openSaml(second)]);
  foreignKeys = strangers;
  org = await buildOrg(db);
  idp = await connectIdp(org, keys);
});

const tries = attacks.flatMap((attack) =>
  modesOf(attack).map((mode) => [attack.id, mode, attack.what, attack] as const),
);

let worn: string;
const wear = async (trust: Partial<Trust>): Promise<void> => {
  if (worn === JSON.stringify(trust)) return;
  await dress(org, idp, trust, [idp.keys, foreignKeys]);
  worn = JSON.stringify(trust);
};

test.each(tries)("SAML-106: %s over HTTP, %s: %s", async (_id, mode, _what, attack) => {
  await configure(org, idp.connection.id, { idp_initiated: mode === "unsolicited" ? "accept" : "off" });
  for (const [name, variant] of variantsIn(attack, mode)) {
    // What only the caller of the verifier knows beforehand, the database knows here: acs.test.ts has those.
    if (variant.expectation) continue;
    const browser = new Browser(replicas);
    const start = await browser.get(idp.connection.urls.loginUrl);
    const { id: requestId, relayState } = askedIn(start.location ?? "");
    const scene: Scene = sceneFor(idp, mode === "unsolicited" ? null : requestId, { now: clock.now(), foreignKeys });
    await wear({ ...attack.trust?.(scene), ...variant.trust?.(scene) });
    const built = variant.build(scene);
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
});
