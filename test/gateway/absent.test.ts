import { getNamedType, isInputObjectType, isNonNullType } from "graphql";
import { plenumSchema } from "../../services/gateway/schema/build";
import { createTemplate, assignTemplate } from "../../services/domain/event-types";
import { addGroup } from "../../services/domain/groups";
import { addConnection, changeConnection, claimDomain } from "../../services/domain/identity";
import { publicId } from "../../services/kernel/ids";
import { buildOrg } from "../support/world";
import { GraphqlDoor, tokenOf, type Data } from "./support/door";

let door: GraphqlDoor;

beforeAll(async () => {
  door = await GraphqlDoor.open();
});

interface Update {
  readonly mutation: string;
  readonly field: string;
  /** What the thing shows of itself, in the words of the input. */
  readonly shows: string;
  readonly clearable: readonly string[];
}

const updates: readonly Update[] = [
  {
    mutation: "updateOrganization",
    field: "organization",
    shows: "name slug locale timeZone currency seatPolicy expandCeiling",
    clearable: ["expandCeiling"],
  },
  {
    mutation: "updateMember",
    field: "member",
    shows: "displayName givenName familyName title department locale timeZone",
    clearable: ["displayName", "givenName", "familyName", "title", "department", "locale", "timeZone"],
  },
  {
    mutation: "updateEventTypeTemplate",
    field: "template",
    shows: "name slug values locks { section isLocked }",
    clearable: [],
  },
  {
    mutation: "updateConnection",
    field: "connection",
    shows: `name idpEntityId ssoUrl: idpSsoUrl ssoBinding: idpSsoBinding sloUrl: idpSloUrl sloBinding: idpSloBinding
      spEntityId signRequests signaturePolicy requireEncryption skewSeconds idpInitiated provisioning mapping
      roleCeiling metadataUrl: idpMetadataUrl metadataMode: idpMetadataMode options`,
    clearable: ["sloUrl", "sloBinding", "spEntityId", "metadataUrl"],
  },
  {
    mutation: "updateDomain",
    field: "domain",
    shows: "includesSubdomains connectionId: connection { id }",
    clearable: ["connectionId"],
  },
  {
    mutation: "updateProvisioningSettings",
    field: "settings",
    shows: "mode minimum percent managedFields",
    clearable: [],
  },
  { mutation: "updateGroup", field: "group", shows: "name", clearable: [] },
  { mutation: "updateEventType", field: "eventType", shows: "name slug values", clearable: [] },
];

async function scene() {
  const org = await buildOrg(door.db, { seats: 5 });
  const ada = await org.add("ada", {
    profile: {
      userName: org.email("ada"),
      displayName: "Ada",
      givenName: "A",
      familyName: "L",
      title: "C",
      department: "E",
      locale: "en",
      timeZone: "UTC",
    },
  });
  const template = await org.run(async (tx) => {
    const made = await createTemplate(tx, {
      kind: "ONE_ON_ONE",
      slug: "demo",
      values: { name: "Demo" },
      locks: { DETAILS: "UNLOCKED" },
    });
    await assignTemplate(tx, { templateId: made.id, targets: { memberIds: [ada.id] } });
    return made;
  });
  const token = await tokenOf(org, "OWNER", org.ownerId);
  const identity = await org.run(async (tx) => {
    const connectionId = await addConnection(tx, "Okta");
    const address = "https://idp.acme.example";
    const slo = { sloUrl: `${address}/slo`, sloBinding: "POST" };
    const change = { ...slo, spEntityId: `${address}/${org.slug}`, metadataUrl: `${address}/metadata` };
    await changeConnection(tx, { id: connectionId, change });
    return { connectionId, domainId: (await claimDomain(tx, { domain: `claimed.${org.domain}`, connectionId })).id };
  }, org.operator);
  const group = await org.run((tx) => addGroup(tx, { displayName: "Sales" }));
  await door.ask(token, `mutation { updateOrganization(input: { expandCeiling: 7 }) { userErrors { code } } }`);
  const copies = await door.ask(token, `query ($id: ID!) { eventTypes(first: 1, memberId: $id) { nodes { id } } }`, {
    id: publicId("member", ada.id),
  });
  const ids: Readonly<Record<string, Data>> = {
    updateOrganization: {},
    updateGroup: { groupId: publicId("group", group.group.id) },
    updateConnection: { connectionId: publicId("connection", identity.connectionId) },
    updateProvisioningSettings: { connectionId: publicId("connection", identity.connectionId) },
    updateDomain: { domainId: publicId("domain", identity.domainId) },
    updateMember: { memberId: publicId("member", ada.id) },
    updateEventTypeTemplate: { templateId: publicId("eventTypeTemplate", template.id), expectedRevision: 1 },
    updateEventType: { eventTypeId: copies.data.eventTypes.nodes[0].id },
  };
  return { token, ids };
}

test("GQL-16: the matrix covers every mutation that updates", () => {
  const fields = Object.keys(plenumSchema().getMutationType()?.getFields() ?? {});
  expect(updates.map(({ mutation }) => mutation).sort()).toEqual(
    fields.filter((name) => name.startsWith("update")).sort(),
  );
});

const cases = updates.flatMap((update) => {
  const field = plenumSchema().getMutationType()?.getFields()[update.mutation];
  const input = getNamedType(field?.args[0]?.type);
  if (!isInputObjectType(input)) throw new Error(update.mutation);
  const optional = Object.values(input.getFields()).filter((f) => !isNonNullType(f.type) && f.name !== "ifVersion");
  return optional.map(({ name }) => [update.mutation, name, update, input.name] as const);
});

test.each(cases)(
  "GQL-16: %s: %s left out keeps it; null clears it or is refused by name",
  async (mutation, name, update, inputName) => {
    const { token, ids } = await scene();
    const sent = `mutation ($input: ${inputName}!) { it: ${mutation}(input: $input) { it: ${update.field} { ${update.shows} } userErrors { code path } } }`;
    const act = async (input: object): Promise<Data> => {
      const { data, errors } = await door.ask(token, sent, { input: { ...ids[mutation], ...input } });
      expect(errors).toEqual([]);
      return data.it;
    };
    const before = (await act({})).it;

    const { it: after, userErrors } = await act({ [name]: null });

    if (update.clearable.includes(name)) {
      expect(userErrors).toEqual([]);
      expect(after).toEqual({ ...before, [name]: null });
    } else if (userErrors.length > 0) {
      expect(userErrors).toEqual([{ code: "INVALID", path: ["input", name] }]);
    } else {
      // A value that says how to change, not what: without it nothing changes.
      expect(["set", "fields", "slug", "locks"]).toContain(name);
      expect(after).toEqual(before);
    }
  },
);

test("GQL-16: a variable that is left out inside an input is absent, not null", async () => {
  const { token } = await scene();
  const sent = `mutation ($name: String, $ceiling: Int) { updateOrganization(input: { name: $name, expandCeiling: $ceiling, currency: "USD" }) { organization { currency expandCeiling } userErrors { code } } }`;
  const absent = await door.ask(token, sent, {});
  expect(absent.data.updateOrganization).toEqual({
    organization: { currency: "USD", expandCeiling: 7 },
    userErrors: [],
  });
  const cleared = await door.ask(token, sent, { ceiling: null });
  expect(cleared.data.updateOrganization.organization.expandCeiling).toBe(null);
});
