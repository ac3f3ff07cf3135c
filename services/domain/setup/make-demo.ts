import type { OrgId } from "../../kernel/ids";
import { findInDirectory } from "../../platform/lobby";
import type { Database, Tx } from "../../platform/unit-of-work";
import { operatorOf } from "../access";
import { createScimToken } from "../identity";
import { addMember, changeMember } from "../members";
import { createOrganization } from "./create-organization";
import { demoId, demoOrganizations, mailboxOf, type DemoOrganization } from "./demo-organizations";
import type { DemoPerson } from "./demo-people";

/**
 * Creates the demonstration organizations where they are missing: each in one transaction, with the same ids on every
 * machine. Answers the first one.
 */
export async function makeDemo(db: Database, requestId: string): Promise<OrgId> {
  for (const demo of demoOrganizations) {
    if (await findInDirectory(db, "ORG_SLUG", demo.slug)) continue;
    await db.run(operatorOf(demoId("organization", demo.slug), { requestId }), (tx) => build(tx, demo));
  }
  return demoId("organization", demoOrganizations[0].slug);
}

async function build(tx: Tx, demo: DemoOrganization): Promise<void> {
  const [owner, ...people] = demo.people;
  if (!owner) throw new Error("a demonstration organization has people");
  await createOrganization(tx, {
    ...demo,
    ownerEmail: addressOf(demo, owner),
    ownerName: `${owner[0]} ${owner[1]}`,
    ownerId: demoId("member", addressOf(demo, owner)),
  });
  const firstInvited = people.length - demo.invited;
  for (const [i, person] of people.entries()) {
    const { member } = await addMember(tx, {
      id: demoId("member", addressOf(demo, person)),
      ...described(demo, person),
      origin: i >= firstInvited ? "INVITATION" : "OPERATOR",
      role: i === 0 ? "ADMIN" : "MEMBER",
    });
    const suspended = i < firstInvited && i >= firstInvited - demo.suspended;
    if (suspended) await changeMember(tx, { id: member.id, changes: [{ kind: "suspend" }] });
  }
  await createScimToken(tx, { name: "Demonstration" });
}

function described(demo: DemoOrganization, person: DemoPerson) {
  const [givenName, familyName, title, department] = person;
  const address = addressOf(demo, person);
  const displayName = `${givenName} ${familyName}`;
  return {
    profile: { userName: address, givenName, familyName, displayName, title, department, locale: demo.locale },
    values: [{ attribute: "emails", type: "work", value: address, primary: true, detail: null }],
  };
}

function addressOf(demo: DemoOrganization, person: DemoPerson): string {
  return `${mailboxOf(person)}@${demo.domain}`;
}
