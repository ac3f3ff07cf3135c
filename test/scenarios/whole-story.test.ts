import { createScimToken, createToken } from "../../services/domain/identity";
import { publicId } from "../../services/kernel/ids";
import { Browser, connectIdp, signIn } from "../support/saml-door";
import { makeKeys } from "../support/saml-kit";
import { startPooler } from "../support/pooler";
import { startServers } from "../support/servers";
import { until } from "../support/child";
import { buildOrg, testWorld } from "../support/world";

const userSchema = "urn:ietf:params:scim:schemas:core:2.0:User";
const patchOp = "urn:ietf:params:scim:api:messages:2.0:PatchOp";

const ways = ["at the database", "through a transaction pooler that knows no prepared statements"];

test.each(ways)(
  "DB-12, DB-13, SCIM-183, SCIM-187, SAML-65, EVT-05: pushed in by SCIM, put in a group, signed in by SAML, seen by GraphQL, given the managed event type, pushed out: session dead, seat free, the next person sits in it: %s",
  async (way) => {
    const db = await testWorld();
    const pooler = way === ways[0] ? undefined : await startPooler();
    const [one, two] = await startServers(2, pooler ? { DATABASE_URL: pooler.url, PLENUM_PREPARED: "off" } : {});
    const org = await buildOrg(db, { seats: 2 });
    const site = await connectIdp(org, await makeKeys("idp"));
    const scim = await org.run(
      (tx) => createScimToken(tx, { connectionId: site.connection.id, name: "Okta" }),
      org.operator,
    );
    const api = await org.run((tx) => createToken(tx, { name: "front end", role: "ADMIN" }));

    const push = async (method: string, path: string, body?: object) => {
      const answer = await fetch(`${one!.base}/scim/v2/${publicId("connection", site.connection.id)}${path}`, {
        method,
        headers: {
          authorization: `Bearer ${scim.text}`,
          "content-type": "application/scim+json",
          "user-agent": "Okta SCIM Client 1.0.0",
        },
        ...(body ? { body: JSON.stringify(body) } : {}),
      });
      const text = await answer.text();
      return {
        status: answer.status,
        body: (text ? JSON.parse(text) : {}) as Record<string, unknown> & { id: string },
      };
    };
    const ask = async <T>(query: string, variables: object = {}): Promise<T> => {
      const answer = await fetch(`${two!.base}/graphql`, {
        method: "POST",
        headers: { authorization: `Bearer ${api.text}`, "content-type": "application/json" },
        body: JSON.stringify({ query, variables }),
      });
      const { data, errors } = (await answer.json()) as { data: T; errors?: object };
      expect(errors).toBeUndefined();
      return data;
    };
    const person = (name: string) => ({
      schemas: [userSchema],
      userName: org.email(name),
      name: { givenName: name, familyName: "Example" },
      emails: [{ value: org.email(name), type: "work", primary: true }],
      externalId: `00u-${name}`,
      active: true,
    });
    const seats = async () =>
      (await ask<{ seatSummary: object }>("{ seatSummary { purchased used occupied available billed } }")).seatSummary;

    // The administrator prepared an event type for everybody who will come.
    const made = await ask<{
      createEventTypeTemplate: { template: { id: string } | null; userErrors: object[] };
    }>(
      `mutation ($input: CreateEventTypeTemplateInput!) {
      createEventTypeTemplate(input: $input) { template { id } userErrors { code message } }
    }`,
      { input: { kind: "ONE_ON_ONE", slug: "first-call", values: { name: "First call" } } },
    );
    expect(made.createEventTypeTemplate.userErrors).toEqual([]);
    const template = made.createEventTypeTemplate.template!.id;
    const assigned = await ask<{ assignEventTypeTemplate: { userErrors: object[] } }>(
      `mutation ($input: AssignEventTypeTemplateInput!) { assignEventTypeTemplate(input: $input) { userErrors { code message } } }`,
      { input: { templateId: template, targets: { allFuture: true } } },
    );
    expect(assigned.assignEventTypeTemplate.userErrors).toEqual([]);

    // Okta pushes Ada, and she sits.
    const ada = await push("POST", "/Users", person("ada"));
    expect(ada.status).toBe(201);
    expect(await seats()).toEqual({ purchased: 2, used: 2, occupied: 2, available: 0, billed: 2 });
    expect(await push("POST", "/Users", person("bob"))).toMatchObject({
      status: 403,
      body: { scimType: "seatLimitReached", status: "403" },
    });
    const group = await push("POST", "/Groups", {
      schemas: ["urn:ietf:params:scim:schemas:core:2.0:Group"],
      displayName: "Sales",
      members: [],
    });
    const added = await push("PATCH", `/Groups/${group.body.id}`, {
      schemas: [patchOp],
      Operations: [{ op: "add", path: "members", value: [{ value: ada.body.id, display: org.email("ada") }] }],
    });
    expect([200, 204]).toContain(added.status);
    expect((await push("GET", `/Users/${ada.body.id}`)).body).toMatchObject({
      groups: [{ value: group.body.id, display: "Sales", type: "direct" }],
    });

    // She signs in through her own identity provider, at the other process.
    const browser = new Browser(two!.base);
    const { session } = await signIn(browser, site, {
      assertion: { nameId: org.email("ada"), attributes: [["email", [org.email("ada")]]] },
    });
    expect(session).toMatchObject({ member: ada.body.id, role: "MEMBER", organization: { slug: org.slug } });

    // The front end sees her in her seat, with the event type she was given within seconds.
    const shown = await ask<{ member: object }>(
      `query ($id: ID!) { member(id: $id) { displayName email status seat { subscription { plan { code } } } } }`,
      { id: ada.body.id },
    );
    expect(shown.member).toMatchObject({
      email: org.email("ada"),
      status: "ACTIVE",
      seat: { subscription: { plan: { code: "teams" } } },
    });
    const types = () =>
      ask<{ eventTypes: { nodes: { name: string; status: string }[] } }>(
        `query ($id: ID!) { eventTypes(memberId: $id, first: 10) { nodes { name status } } }`,
        { id: ada.body.id },
      ).then((data) => data.eventTypes.nodes);
    expect(await until(async () => (await types()).length === 1, 10_000)).toBe(true);
    expect(await types()).toEqual([{ name: "First call", status: "ACTIVE" }]);

    // Okta pushes her out: the session is dead at the next request, on the other process too, and Bob takes the seat.
    const out = await push("PATCH", `/Users/${ada.body.id}`, {
      schemas: [patchOp],
      Operations: [{ op: "replace", value: { active: false } }],
    });
    expect([200, 204]).toContain(out.status);
    expect((await browser.get("/session")).status).toBe(401);
    expect(await seats()).toMatchObject({ used: 1, available: 1 });
    expect((await push("POST", "/Users", person("bob"))).status).toBe(201);
    expect(await seats()).toMatchObject({ used: 2, available: 0 });
    const again = await signIn(new Browser(one!.base), site, {
      assertion: { nameId: org.email("ada"), attributes: [["email", [org.email("ada")]]] },
    });
    expect(again.session).toBeNull();
    if (pooler) expect(pooler.shuffles()).toBeGreaterThan(20);
  },
  60_000,
);
