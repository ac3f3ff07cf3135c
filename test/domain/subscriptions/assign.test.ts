import { publicId, type MemberId } from "../../../services/kernel/ids";
import { changeMember } from "../../../services/domain/members";
import { changeOrganization } from "../../../services/domain/organizations";
import { openLicencesOf } from "../../../services/domain/seats";
import {
  assignLicence,
  assignPlan,
  createSubscription,
  releaseMemberLicence,
  showSeatSummary,
} from "../../../services/domain/subscriptions";
import { buildOrg, testWorld, type TestOrg } from "../../support/world";
import { drift, hasFreePlace, poolOf, refusal, reload } from "./support";

async function scene(seats = 3) {
  const org = await buildOrg(await testWorld(), { seats });
  return { org, teams: await poolOf(org) };
}

const buy = (org: TestOrg, planCode: string, quantity: number) =>
  org.run((tx) => createSubscription(tx, { planCode, quantity, billingMode: "MONTHLY" }));
const plansOf = async (org: TestOrg, memberId: MemberId): Promise<string[]> =>
  (await org.run((tx) => openLicencesOf(tx, memberId))).map((licence) => licence.planCode).sort();

test("SUB-17, SUB-18: a licence of another pool takes the place of the seat, and saying it again changes nothing", async () => {
  const { org, teams } = await scene();
  const enterprise = await buy(org, "enterprise", 1);
  const give = () => org.run((tx) => assignLicence(tx, { memberId: org.ownerId, subscriptionId: enterprise.id }));
  expect((await give()).map((licence) => licence.planCode)).toEqual(["enterprise"]);
  expect(await give()).toHaveLength(1);
  expect([(await reload(org, teams.id)).used, (await reload(org, enterprise.id)).used]).toEqual([0, 1]);
  expect(await drift(org)).toEqual([]);
});

test("SUB-18, SUB-19: where no unit is free the member keeps what they have, and the refusal says how full it is", async () => {
  const { org } = await scene();
  const anne = await org.add("anne");
  const enterprise = await buy(org, "enterprise", 1);
  await org.run((tx) => assignPlan(tx, { memberId: org.ownerId, planCode: "enterprise" }));
  const byPool = await refusal(
    org.run((tx) => assignLicence(tx, { memberId: anne.id, subscriptionId: enterprise.id })),
  );
  expect([byPool.code, byPool.facts]).toEqual([
    "seats_exhausted",
    { plan: "enterprise", used: 1, quantity: 1, subscription: publicId("subscription", enterprise.id) },
  ]);
  const byPlan = await refusal(org.run((tx) => assignPlan(tx, { memberId: anne.id, planCode: "enterprise" })));
  expect([byPlan.code, byPlan.facts]).toEqual(["seats_exhausted", { plan: "enterprise", used: 1, quantity: 1 }]);
  expect(await plansOf(org, anne.id)).toEqual(["teams"]);
});

test("SUB-09, SUB-17: an option is given beside a service that lists it, and goes when the service goes", async () => {
  const { org, teams } = await scene();
  const recording = await buy(org, "recording", 2);
  const attendant = await buy(org, "attendant", 2);
  await org.run((tx) => assignLicence(tx, { memberId: org.ownerId, subscriptionId: recording.id }));
  const refused = await refusal(
    org.run((tx) => assignLicence(tx, { memberId: org.ownerId, subscriptionId: attendant.id })),
  );
  expect([refused.code, refused.facts]).toEqual(["option_not_available", { option: "attendant", service: "teams" }]);
  expect(await plansOf(org, org.ownerId)).toEqual(["recording", "teams"]);

  await org.run((tx) => releaseMemberLicence(tx, { memberId: org.ownerId, subscriptionId: teams.id }));
  expect(await plansOf(org, org.ownerId)).toEqual([]);
  expect((await reload(org, recording.id)).used).toBe(0);
  const bare = await refusal(org.run((tx) => assignPlan(tx, { memberId: org.ownerId, planCode: "recording" })));
  expect(bare.facts).toEqual({ option: "recording", service: null });
  expect(await drift(org)).toEqual([]);
});

test("SUB-09: moving to a service that lists the option keeps it, moving to one that does not ends it", async () => {
  const { org } = await scene();
  await buy(org, "enterprise", 1);
  const attendant = await buy(org, "attendant", 1);
  const recording = await buy(org, "recording", 1);
  await org.run((tx) => assignPlan(tx, { memberId: org.ownerId, planCode: "recording" }));
  await org.run((tx) => assignPlan(tx, { memberId: org.ownerId, planCode: "enterprise" }));
  await org.run((tx) => assignPlan(tx, { memberId: org.ownerId, planCode: "attendant" }));
  expect(await plansOf(org, org.ownerId)).toEqual(["attendant", "enterprise", "recording"]);
  await org.run((tx) => assignPlan(tx, { memberId: org.ownerId, planCode: "teams" }));
  expect(await plansOf(org, org.ownerId)).toEqual(["recording", "teams"]);
  expect([(await reload(org, attendant.id)).used, (await reload(org, recording.id)).used]).toEqual([0, 1]);
});

test("CTR-08, DEC-06, decision 13: setting a member to free takes the seat and nothing else, as far as the free plan has room", async () => {
  const { org, teams } = await scene();
  const anne = await org.add("anne");
  expect(await org.run((tx) => assignPlan(tx, { memberId: anne.id, planCode: "free" }))).toEqual([]);
  expect(await hasFreePlace(org, anne.id)).toBe(true);
  expect((await reload(org, teams.id)).used).toBe(1);
  const bea = await org.add("bea");
  const refused = await refusal(org.run((tx) => assignPlan(tx, { memberId: bea.id, planCode: "free" })));
  expect([refused.code, refused.facts]).toEqual(["free_member_limit_reached", { limit: 1 }]);
  expect(await plansOf(org, bea.id)).toEqual(["teams"]);

  await org.run((tx) => assignPlan(tx, { memberId: anne.id, planCode: "teams" }));
  expect(await hasFreePlace(org, anne.id)).toBe(false);
  await org.run((tx) => assignPlan(tx, { memberId: bea.id, planCode: "free" }));
  expect(await hasFreePlace(org, bea.id)).toBe(true);
});

test("decision 13: a released member falls to the free plan, the next one keeps the membership without a seat", async () => {
  const { org, teams } = await scene();
  const [anne, bea] = [await org.add("anne"), await org.add("bea")];
  for (const { id } of [anne, bea]) {
    const release = () => org.run((tx) => releaseMemberLicence(tx, { memberId: id, subscriptionId: teams.id }));
    expect(await release()).toEqual([]);
    expect(await release()).toEqual([]);
  }
  expect([await hasFreePlace(org, anne.id), await hasFreePlace(org, bea.id)]).toEqual([true, false]);
  expect(await org.run((tx) => showSeatSummary(tx, {}))).toMatchObject({ purchased: 3, used: 1, billed: 3 });
});

test("SCIM-185: a seat that a licence change frees goes to who waits longest", async () => {
  const { org } = await scene(2);
  await org.run((tx) => changeOrganization(tx, { seatPolicy: "waitlist" }));
  const anne = await org.add("anne");
  const waiting = await org.add("bea");
  expect(await plansOf(org, waiting.id)).toEqual([]);
  await buy(org, "enterprise", 1);
  await org.run((tx) => assignPlan(tx, { memberId: anne.id, planCode: "enterprise" }));
  expect(await plansOf(org, waiting.id)).toEqual(["teams"]);
});

test("SUB-17: a suspended member gets no licence; a pool or member of somebody else is not found", async () => {
  const { org, teams } = await scene();
  const { org: other, teams: foreign } = await scene();
  const anne = await org.add("anne");
  await org.run((tx) => changeMember(tx, { id: anne.id, changes: [{ kind: "suspend" }] }));
  const give = (memberId: MemberId, subscriptionId: typeof teams.id) =>
    refusal(org.run((tx) => assignLicence(tx, { memberId, subscriptionId })));
  const suspended = await give(anne.id, teams.id);
  expect([suspended.code, suspended.facts]).toEqual([
    "member_not_active",
    { member: publicId("member", anne.id), status: "SUSPENDED" },
  ]);
  expect((await give(org.ownerId, foreign.id)).code).toBe("not_found");
  expect((await give(other.ownerId, teams.id)).code).toBe("not_found");
});

test("D5: a member may not assign licences", async () => {
  const { org, teams } = await scene();
  const anne = await org.add("anne");
  const work = org.run(
    (tx) => releaseMemberLicence(tx, { memberId: anne.id, subscriptionId: teams.id }),
    org.person(anne.id, "MEMBER"),
  );
  expect((await refusal(work)).facts).toEqual({ permission: "seat:assign" });
});
