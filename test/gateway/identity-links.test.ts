import { changeConnection } from "../../services/domain/identity";
import { insertLink } from "../../services/domain/identity/links.store";
import { insertIdentity } from "../../services/domain/identity/sso-identities.store";
import { publicId } from "../../services/kernel/ids";
import { importedConnection } from "../support/identity";
import { makeKeys } from "../support/saml-kit";
import { buildOrg, type TestOrg } from "../support/world";
import { GraphqlDoor, tokenOf } from "./support/door";

let door: GraphqlDoor;

beforeAll(async () => {
  door = await GraphqlDoor.open();
});

/** Two links that wait and an identity of an earlier provider, each under a NameID of its own. */
async function scene(): Promise<{ org: TestOrg; token: string; links: string[]; connection: string; from: string }> {
  const org = await buildOrg(door.db);
  const id = await importedConnection(org, await makeKeys("idp"));
  const ada = await org.add("ada");
  const token = await tokenOf(org, "OWNER");
  const from = "https://earlier.example";
  const links = await org.run(async (tx) => {
    const { idpEntityId } = await changeConnection(tx, { id, change: { options: { linkPolicy: "admin" } } });
    await insertIdentity(tx, { connectionId: id, idpEntityId: from, format: "f", key: "ada" }, ada.id);
    const who = {
      connectionId: id,
      idpEntityId: idpEntityId!,
      format: "f",
      memberId: ada.id,
      policy: "ADMIN",
    } as const;
    const rest = { emailNorm: org.email("ada"), browserHash: Buffer.alloc(32), returnPath: "/", validMinutes: 60 };
    const made = [];
    for (const key of ["one", "two"]) made.push((await insertLink(tx, { ...who, ...rest, key }))!.id);
    return made;
  }, org.operator);
  return {
    org,
    token,
    links: links.map((l) => publicId("identityLink", l)),
    connection: publicId("connection", id),
    from,
  };
}

const listed = `query ($status: [IdentityLinkStatus!]) {
  identityLinks(first: 5, filter: { status: $status }) { totalCount nodes {
    id status policy identity email member { email } connection { id options } decidedAt
  } }
}`;

test("SAML-62, GQL-10: who administers sees what waits, by state, decides, and sees that it is decided", async () => {
  const { org, token, links, connection } = await scene();
  const { data } = await door.ask(token, listed, { status: ["WAITING"] });
  expect(data.identityLinks).toMatchObject({
    totalCount: 2,
    nodes: [
      { id: links[0], status: "WAITING", policy: "ADMIN", identity: "one", email: org.email("ada"), decidedAt: null },
      { id: links[1], connection: { id: connection, options: { linkPolicy: "admin" } } },
    ],
  });

  const decide = async (name: string, linkId: string | undefined) => {
    const type = `${name[0]!.toUpperCase()}${name.slice(1)}Input!`;
    const text = `mutation ($input: ${type}) { ${name}(input: $input) { link { id status } userErrors { code facts } } }`;
    return (await door.ask(token, text, { input: { linkId } })).data[name];
  };
  expect(await decide("approveIdentityLink", links[0])).toEqual({
    link: { id: links[0], status: "LINKED" },
    userErrors: [],
  });
  expect(await decide("rejectIdentityLink", links[1])).toMatchObject({ link: { status: "REJECTED" } });
  expect(await decide("rejectIdentityLink", links[0])).toMatchObject({
    link: null,
    userErrors: [{ code: "CONFLICT", facts: { reason: "decided" } }],
  });
  expect((await door.ask(token, listed, { status: ["WAITING"] })).data.identityLinks).toMatchObject({ totalCount: 0 });
  const one = await door.ask(token, `query ($id: ID!) { node(id: $id) { ... on IdentityLink { status } } }`, {
    id: links[0],
  });
  expect(one.data.node).toEqual({ status: "LINKED" });
});

test("SAML-62, GQL-13: another organization's links are not there, and members see none", async () => {
  const { links } = await scene();
  const other = await scene();

  const { data } = await door.ask(other.token, `query ($id: ID!) { node(id: $id) { id } }`, { id: links[0] });
  expect(data.node).toBeNull();
  const { errors } = await door.ask(await tokenOf(other.org, "MEMBER"), listed, { status: ["WAITING"] });
  expect(errors).toMatchObject([{ extensions: { code: "FORBIDDEN" } }]);
});

test("SAML-60: a re-link is counted first, then done, by GraphQL", async () => {
  const { token, connection, from } = await scene();
  const count = `query ($id: ID!) { identityRelinks(connectionId: $id) { fromEntityId moves taken protected } }`;
  expect((await door.ask(token, count, { id: connection })).data.identityRelinks).toEqual([
    { fromEntityId: from, moves: 1, taken: 0, protected: 0 },
  ]);

  const text = `mutation ($input: RelinkIdentitiesInput!) {
    relinkIdentities(input: $input) { connection { id } moved taken protected userErrors { code path } }
  }`;
  const relink = async (fromEntityId: string) =>
    (await door.ask(token, text, { input: { connectionId: connection, fromEntityId } })).data.relinkIdentities;
  expect(await relink("https://nobody.example")).toMatchObject({
    moved: null,
    userErrors: [{ code: "INVALID", path: ["input", "fromEntityId"] }],
  });
  expect(await relink(from)).toEqual({
    connection: { id: connection },
    moved: 1,
    taken: 0,
    protected: 0,
    userErrors: [],
  });
  expect((await door.ask(token, count, { id: connection })).data.identityRelinks).toEqual([]);
});
