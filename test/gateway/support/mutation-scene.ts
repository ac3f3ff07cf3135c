import {
  addConnection,
  addExemption,
  changeConnection,
  claimDomain,
  createOAuthClient,
  createScimToken,
  createToken,
  deleteConnection,
  findSamlConnection,
  startLoginSession,
} from "../../../services/domain/identity";
import { insertCertificate } from "../../../services/domain/identity/certificate.store";
import { readCertificate } from "../../../services/domain/identity/certificates";
import { insertLink } from "../../../services/domain/identity/links.store";
import { insertIdentity } from "../../../services/domain/identity/sso-identities.store";
import { storeSpKey } from "../../../services/domain/identity/rotate-sp-key";
import type { Outside } from "../../../services/gateway/context";
import { addGroup, createGroupRule } from "../../../services/domain/groups";
import { assignTemplate, createTemplate, updateTemplate } from "../../../services/domain/event-types";
import { changeMember, findByLoginEmail, removeMember } from "../../../services/domain/members";
import { changeSubscriptionQuantity, createSubscription } from "../../../services/domain/subscriptions";
import { recordRequest, startPreview } from "../../../services/domain/provisioning";
import { beginRun, noteLeaving, raiseRun } from "../../../services/domain/provisioning/guard.store";
import { publicId, type ConnectionId, type IdentityLinkId, type ScimTokenId } from "../../../services/kernel/ids";
import type { Database } from "../../../services/platform/unit-of-work";
import { idpMetadata } from "../../support/idp-metadata";
import { importedConnection } from "../../support/identity";
import { makeKeys, type KeyPair } from "../../support/saml-kit";
import { buildOrg, type TestOrg } from "../../support/world";
import { tokenOf, type GraphqlDoor } from "./door";

/** The public ids of one organization that has one of everything that mutations name. */
export interface Ids {
  readonly member: string;
  readonly suspended: string;
  /** Removed, and nothing keeps them out. */
  readonly removed: string;
  readonly invitation: string;
  /** `teams`, the default pool. */
  readonly pool: string;
  /** `enterprise`, three licences, two of them from the next period on. */
  readonly secondPool: string;
  /** At revision 2. */
  readonly template: string;
  /** Of `member`, after the template. */
  readonly eventType: string;
  readonly group: string;
  readonly token: string;
  readonly scimToken: string;
  readonly connection: string;
  /** Waits for an administrator, through `connection`. */
  readonly identityLink: string;
  /** Deleted, and still to be restored. */
  readonly deletedConnection: string;
  /** Announced by metadata, and waiting. */
  readonly certificate: string;
  /** NEXT. */
  readonly spKey: string;
  /** A request that created a user who is not there. */
  readonly provisioningEntry: string;
  /** Open, of a connection of its own. */
  readonly preview: string;
  /** PENDING. */
  readonly domain: string;
  /** Of `member`. */
  readonly session: string;
  /** Of `group`: its members are administrators. */
  readonly groupRule: string;
  readonly oauthClient: string;
  /** A mass departure that is to be decided about. */
  readonly run: string;
}

export interface MutationScene {
  readonly org: TestOrg;
  /** Of the owner. */
  readonly token: string;
  readonly ids: Ids;
}

const drawn = makeKeys("idp");
export const idpKeys = (): Promise<KeyPair> => drawn;
const others = makeKeys("other");
export const otherKeys = (): Promise<KeyPair> => others;

/** A network in which no claimed domain is proved, and the identity provider publishes what it was imported by. */
export const sceneOutside: Outside = {
  fetchMetadata: async (url) => ({ url, status: 200, headers: {}, body: Buffer.from(idpMetadata(await idpKeys())) }),
  resolveTxt: () => Promise.resolve([]),
};

/** An organization of its own; making the keys of a connection takes half a second, so not every one has it. */
export async function mutationScene(door: GraphqlDoor, { sso = false } = {}): Promise<MutationScene> {
  const { org, made } = await populate(door.db, sso);
  const token = await tokenOf(org, "OWNER");
  const { data } = await door.ask(
    token,
    `query ($ada: ID!) {
      members(first: 10) { nodes { id invitation { id } } }
      subscriptions(first: 5) { nodes { id isDefault } }
      eventTypes(memberId: $ada, first: 5) { nodes { id } }
    }`,
    { ada: made.member },
  );
  const { nodes: pools } = data.subscriptions as { nodes: { id: string; isDefault: boolean }[] };
  const invitations = (data.members.nodes as { invitation: { id: string } | null }[]).flatMap(
    (m) => m.invitation ?? [],
  );
  const ids: Ids = {
    ...made,
    invitation: invitations[0]!.id,
    pool: pools.find((pool) => pool.isDefault)!.id,
    secondPool: pools.find((pool) => !pool.isDefault)!.id,
    eventType: data.eventTypes.nodes[0].id as string,
  };
  return { org, token, ids };
}

async function populate(db: Database, sso: boolean) {
  const org = await buildOrg(db, { seats: 8 });
  const ada = await org.add("ada");
  const carl = await org.add("carl");
  await org.run((tx) => changeMember(tx, { id: carl.id, changes: [{ kind: "suspend" }] }));
  const dan = await org.add("dan");
  await org.run((tx) => removeMember(tx, { id: dan.id }));
  await org.invite("bob");
  const identity = sso ? await identityOf(org) : noIdentity;
  const domain = await org.run((tx) => claimDomain(tx, { domain: `claimed.${org.domain}` }), org.operator);
  const session = await org.run((tx) => startLoginSession(tx, { memberId: ada.id, method: "LINK" }), org.system);
  await org.run((tx) => addExemption(tx, { kind: "PERSON", memberId: ada.id }), org.operator);
  return org.run(async (tx) => {
    const second = await createSubscription(tx, { planCode: "enterprise", quantity: 3, billingMode: "MONTHLY" });
    await changeSubscriptionQuantity(tx, { id: second.id, quantity: 2 });
    const values = { name: "First call" };
    const template = await createTemplate(tx, {
      kind: "ONE_ON_ONE",
      slug: "first-call",
      values,
      locks: { DETAILS: "UNLOCKED" },
    });
    await updateTemplate(tx, { id: template.id, expectedRevision: 1, set: { durationMinutes: 45 } });
    await assignTemplate(tx, { templateId: template.id, targets: { memberIds: [ada.id] } });
    const { group } = await addGroup(tx, { displayName: "Sales" });
    const rule = await createGroupRule(tx, { groupId: group.id, target: "ROLE", value: "ADMIN" });
    const token = await createToken(tx, { name: "of the scene", role: "MEMBER" });
    const made = {
      member: publicId("member", ada.id),
      suspended: publicId("member", carl.id),
      removed: publicId("member", dan.id),
      template: publicId("eventTypeTemplate", template.id),
      group: publicId("group", group.id),
      token: publicId("token", token.id),
      domain: publicId("domain", domain.id),
      session: publicId("session", session.id),
      groupRule: publicId("groupRule", rule.id),
      ...identity,
    };
    return { org, made };
  });
}

const noIdentity = {
  connection: "none",
  identityLink: "none",
  deletedConnection: "none",
  certificate: "none",
  spKey: "none",
  provisioningEntry: "none",
  preview: "none",
  scimToken: "none",
  oauthClient: "none",
  run: "none",
};

async function identityOf(org: TestOrg): Promise<typeof noIdentity> {
  const connection = await importedConnection(org, await idpKeys());
  const token = await org.run((tx) => createScimToken(tx, { connectionId: connection }));
  const made = await org.run(async (tx) => {
    const metadataUrl = "https://idp.acme.example/metadata.xml";
    await changeConnection(tx, { id: connection, change: { metadataUrl } });
    const announced = readCertificate("certificate", (await otherKeys()).certificatePem);
    const certificate = await insertCertificate(tx, connection, announced, "PENDING");
    const validity = { validFrom: new Date("2020-01-01"), validTo: new Date("2036-01-01") };
    const key = await storeSpKey(tx, { connectionId: connection, use: "SIGNING", made: await idpKeys(), ...validity });
    const deleted = await addConnection(tx, "Old");
    await deleteConnection(tx, { id: deleted });
    const rehearsing = await addConnection(tx, "Rehearsing");
    const client = await createOAuthClient(tx, { name: "Okta", connectionId: connection });
    await beginRun(tx, connection, { baseline: 10, threshold: 3 });
    const run = (await noteLeaving(tx, connection, []))!;
    await raiseRun(tx, run.id, "ALERTED", 4);
    return { certificate, key, deleted, rehearsing, client, run };
  }, org.operator);
  return {
    connection: publicId("connection", connection),
    identityLink: publicId("identityLink", await waitingLink(org, connection)),
    deletedConnection: publicId("connection", made.deleted),
    certificate: publicId("idpCertificate", made.certificate),
    spKey: publicId("spKey", made.key.id),
    provisioningEntry: await loggedCreate(org, connection, token.id),
    preview: publicId("preview", (await startPreview(org.db, org.operator, { connectionId: made.rehearsing })).id),
    scimToken: publicId("scimToken", token.id),
    oauthClient: publicId("oauthClient", made.client.id),
    run: publicId("provisioningRun", made.run.id),
  };
}

/** An identity of this connection with the address of Ada, who is there; and a stranger of an earlier one. */
async function waitingLink(org: TestOrg, connectionId: ConnectionId): Promise<IdentityLinkId> {
  return org.run(async (tx) => {
    await changeConnection(tx, { id: connectionId, change: { options: { linkPolicy: "admin" } } });
    const { idpEntityId } = (await findSamlConnection(tx, connectionId))!;
    const ada = (await findByLoginEmail(tx, org.email("ada")))!;
    const key = { connectionId, idpEntityId: idpEntityId!, format: "unspecified", key: "ada-at-the-provider" };
    const earlier = { ...key, idpEntityId: "https://earlier.example", key: "ada-before" };
    await insertIdentity(tx, earlier, ada.id);
    const browser = { browserHash: Buffer.alloc(32), returnPath: "/", validMinutes: 60 };
    const who = { memberId: ada.id, policy: "ADMIN", emailNorm: org.email("ada") } as const;
    return (await insertLink(tx, { ...key, ...who, ...browser }))!.id;
  }, org.operator);
}

/** A line of the provisioning log that can be done again. */
async function loggedCreate(org: TestOrg, connectionId: ConnectionId, tokenId: ScimTokenId): Promise<string> {
  const schemas = ["urn:ietf:params:scim:schemas:core:2.0:User"];
  const id = await org.run(
    (tx) =>
      recordRequest(tx, {
        ...{ connectionId, tokenId, tokenName: "Okta", method: "POST", path: "/Users", resource: null, status: 403 },
        request: { query: {}, body: { schemas, userName: org.email("replayed") } },
        ...{ scimType: "seatLimitReached", detail: "No free seat", coercions: [], warnings: [], changed: null },
        ...{ seatEffect: null, durationMs: 5, userAgent: null, requestId: "scene" },
      }),
    org.operator,
  );
  return publicId("provisioningEntry", id);
}
