import { publicId } from "../../services/kernel/ids";
import { changeMember } from "../../services/domain/members";
import type { Database } from "../../services/platform/unit-of-work";
import { makeKeys, type KeyPair } from "../support/saml-kit";
import {
  answered,
  askedIn,
  Browser,
  codeOn,
  connectIdp,
  openSaml,
  sceneFor,
  signIn,
  type SamlSite,
} from "../support/saml-door";
import { buildOrg, publicUrl, testWorld, type TestOrg } from "../support/world";

let db: Database;
let base: string;
let keys: KeyPair;

beforeAll(async () => {
  db = await testWorld();
  [base, keys] = await Promise.all([openSaml(db), makeKeys("idp")]);
});

async function site(more = {}): Promise<{ org: TestOrg; idp: SamlSite }> {
  const org = await buildOrg(db);
  return { org, idp: await connectIdp(org, keys, more) };
}

const as = (org: TestOrg, name: string) => ({
  assertion: {
    nameId: `id-${name}`,
    attributes: [
      ["email", [org.email(name)]],
      ["firstName", ["Ada"]],
      ["lastName", ["Byron"]],
    ] as const,
  },
});

test("SAML-18, SAML-47, SAML-53, SAML-54: a first sign-in makes a member in a seat and a session, and lands where it began", async () => {
  const { org, idp } = await site();
  const browser = new Browser(base);

  const { visit, session } = await signIn(browser, idp, as(org, "ada"), "?RelayState=%2Fmembers%3Fpage%3D2");

  expect([visit.status, visit.location]).toEqual([303, `${publicUrl}/members?page=2`]);
  expect(visit.headers.get("cache-control")).toBe("no-store");
  expect(visit.headers.get("referrer-policy")).toBe("no-referrer");
  expect(session).toMatchObject({ organization: { id: publicId("organization", org.orgId) }, role: "MEMBER" });
});
