import { createScimToken, createToken } from "../../services/domain/identity";
import { showSeatSummary } from "../../services/domain/subscriptions";
import { publicId } from "../../services/kernel/ids";
import { Browser, codeOn, connectIdp, signIn, type SamlSite } from "../support/saml-door";
import { makeKeys } from "../support/saml-kit";
import { startPooler } from "../support/pooler";
import { startServers, type Server } from "../support/servers";
import { buildOrg, testWorld, type TestOrg } from "../support/world";

/** What became of one person who knocked at one door. */
type Outcome = string;

interface Doors {
  readonly org: TestOrg;
  readonly site: SamlSite;
  readonly scimToken: string;
  readonly apiToken: string;
}

async function byScim({ base }: Server, { org, site, scimToken }: Doors, i: number): Promise<Outcome> {
  const answer = await fetch(`${base}/scim/v2/${publicId("connection", site.connection.id)}/Users`, {
    method: "POST",
    headers: { authorization: `Bearer ${scimToken}`, "content-type": "application/scim+json" },
    body: JSON.stringify({
      schemas: ["urn:ietf:params:scim:schemas:core:2.0:User"],
      userName: org.email(`scim${i}`),
      emails: [{ value: org.email(`scim${i}`), type: "work", primary: true }],
    }),
  });
  const body = (await answer.json()) as { scimType?: string; detail?: string };
  return answer.status === 201 ? "in" : `${answer.status} ${body.scimType ?? body.detail ?? ""}`;
}

async function byInvitation({ base }: Server, { org, apiToken }: Doors, i: number): Promise<Outcome> {
  const query = `mutation Invite($input: InviteMembersInput!) {
    inviteMembers(input: $input) { members { id } userErrors { code } }
  }`;
  const variables = { input: { invitees: [{ email: org.email(`invited${i}`) }] } };
  const answer = await fetch(`${base}/graphql`, {
    method: "POST",
    headers: { authorization: `Bearer ${apiToken}`, "content-type": "application/json" },
    body: JSON.stringify({ query, variables }),
  });
  const { data, errors } = (await answer.json()) as {
    data?: { inviteMembers: { members: unknown[] | null; userErrors: { code: string }[] } };
    errors?: { message: string }[];
  };
  if (!data) return errors?.[0]?.message ?? `status ${answer.status}`;
  return data.inviteMembers.userErrors[0]?.code ?? "in";
}

async function bySaml({ base }: Server, { org, site }: Doors, i: number): Promise<Outcome> {
  const email = org.email(`saml${i}`);
  const { visit, session } = await signIn(new Browser(base), site, {
    assertion: { nameId: email, attributes: [["email", [email]]] },
  });
  return session ? "in" : codeOn(visit);
}

/** Under load a replica may say 503: "not now" is no answer to the question, so the client asks again, as it is told to. */
async function insisting(knock: () => Promise<Outcome>): Promise<Outcome> {
  for (let n = 0; n < 20; n++) {
    const outcome = await knock().catch((error: Error) => error.message);
    if (!/\b503\b|UNAVAILABLE|unavailable|takes too long|try again/i.test(outcome)) return outcome;
    await new Promise((done) => setTimeout(done, 250 + 50 * n));
  }
  return "unavailable for too long";
}

const ways = ["at the database", "through a transaction pooler that knows no prepared statements"];

test.each(ways)(
  "NFR-04, REL-20, DB-12, DB-13, SCIM-183, SAML-66, SAML-A90: %s, 60 people at three doors of two processes for five free seats: exactly five get in",
  async (way) => {
    const db = await testWorld();
    const pooler = way === ways[0] ? undefined : await startPooler();
    const behind = pooler && { DATABASE_URL: pooler.url, PLENUM_PREPARED: "off" };
    const servers = await startServers(2, { PLENUM_DOORS: "gateway,scim,saml,console", ...behind });
    const org = await buildOrg(db, { seats: 6 });
    const site = await connectIdp(org, await makeKeys("idp"), { provisioning: "create" });
    const scim = await org.run((tx) => createScimToken(tx, { connectionId: site.connection.id }), org.operator);
    const api = await org.run((tx) => createToken(tx, { name: "race", role: "ADMIN" }));
    const doors: Doors = { org, site, scimToken: scim.text, apiToken: api.text };
    const knock = [byScim, byInvitation, bySaml];

    const outcomes = await Promise.all(
      Array.from({ length: 60 }, (_, i) => insisting(() => knock[i % 3]!(servers[i % 2]!, doors, i))),
    );

    expect(outcomes.filter((outcome) => outcome === "in")).toHaveLength(5);
    const refusals = new Set(outcomes.filter((outcome) => outcome !== "in"));
    expect(
      [...refusals].filter((r) => !["403 seatLimitReached", "SEATS_EXHAUSTED", "seats_exhausted"].includes(r)),
    ).toEqual([]);
    const seats = await org.run((tx) => showSeatSummary(tx, {}));
    expect(seats).toMatchObject({ purchased: 6, used: 6, available: 0 });
    if (pooler) expect(pooler.shuffles()).toBeGreaterThan(60);
  },
  120_000,
);
