import { createScimToken, createToken } from "../../../services/domain/identity";
import { addGroup } from "../../../services/domain/groups";
import { assignTemplate, createTemplate, updateTemplate } from "../../../services/domain/event-types";
import { changeMember } from "../../../services/domain/members";
import { changeSubscriptionQuantity, createSubscription } from "../../../services/domain/subscriptions";
import { publicId } from "../../../services/kernel/ids";
import type { Database } from "../../../services/platform/unit-of-work";
import { importedConnection } from "../../support/identity";
import { makeKeys, type KeyPair } from "../../support/saml-kit";
import { buildOrg, type TestOrg } from "../../support/world";
import { tokenOf, type GraphqlDoor } from "./door";

/** The public ids of one organization that has one of everything that mutations name. */
export interface Ids {
  readonly member: string;
  readonly suspended: string;
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
}

export interface MutationScene {
  readonly org: TestOrg;
  /** Of the owner. */
  readonly token: string;
  readonly ids: Ids;
}

const drawn = makeKeys("idp");
export const idpKeys = (): Promise<KeyPair> => drawn;

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
  await org.invite("bob");
  const identity = sso ? await identityOf(org) : { connection: "none", scimToken: "none" };
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
    const token = await createToken(tx, { name: "of the scene", role: "MEMBER" });
    const made = {
      member: publicId("member", ada.id),
      suspended: publicId("member", carl.id),
      template: publicId("eventTypeTemplate", template.id),
      group: publicId("group", group.id),
      token: publicId("token", token.id),
      ...identity,
    };
    return { org, made };
  });
}

async function identityOf(org: TestOrg) {
  const connection = await importedConnection(org, await idpKeys());
  const token = await org.run((tx) => createScimToken(tx, { connectionId: connection }));
  return { connection: publicId("connection", connection), scimToken: publicId("scimToken", token.id) };
}
