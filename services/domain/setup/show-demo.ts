import { publicId } from "../../kernel/ids";
import type { Database } from "../../platform/unit-of-work";
import { notFound } from "../../kernel/errors";
import { findPersonByEmail } from "../../platform/lobby";
import { operatorOf } from "../access";
import { createScimToken, createToken, printSignInLink, samlUrls } from "../identity";
import { loadOrganization } from "../organizations";
import { demoId, demoOrganizations, mailboxOf } from "./demo-organizations";
import { makeDemo } from "./make-demo";

/** What `plenum demo` prints (contract §4). */
export interface DemoFacts {
  readonly organization: { readonly id: string; readonly slug: string };
  readonly graphqlUrl: string;
  readonly ownerToken: string;
  readonly memberToken: string;
  readonly scim: { readonly baseUrl: string; readonly token: string };
  readonly saml: ReturnType<typeof samlUrls>;
  readonly ownerSignInUrl: string;
}

/** Creates the demonstration where it is missing and makes fresh tokens for its first organization. */
export async function showDemo(db: Database, requestId: string): Promise<DemoFacts> {
  const orgId = await makeDemo(db, requestId);
  const demo = demoOrganizations[0];
  const [owner, , member] = demo.people;
  if (!owner || !member) throw new Error("a demonstration organization has people");
  const address = (person: typeof owner) => `${mailboxOf(person)}@${demo.domain}`;
  const facts = await db.run(operatorOf(orgId, { requestId }), async (tx) => {
    const token = (role: "OWNER" | "MEMBER", person: typeof owner) =>
      createToken(tx, { name: `demo ${role.toLowerCase()}`, role, memberId: demoId("member", address(person)) });
    const ownerToken = await token("OWNER", owner);
    const memberToken = await token("MEMBER", member);
    const scim = await createScimToken(tx, { name: "demo" });
    const { slug } = await loadOrganization(tx);
    return {
      organization: { id: publicId("organization", orgId), slug },
      graphqlUrl: `${tx.instance.publicUrl}/graphql`,
      ownerToken: ownerToken.text,
      memberToken: memberToken.text,
      scim: { baseUrl: scim.baseUrl, token: scim.text },
      saml: samlUrls(tx, scim.connectionId),
    };
  });
  return { ...facts, ownerSignInUrl: await signInUrlOf(db, address(owner)) };
}

/** A link with which the operator signs somebody in. */
export async function signInUrlOf(db: Database, emailNorm: string): Promise<string> {
  const personId = await findPersonByEmail(db, emailNorm);
  if (!personId) throw notFound("person");
  return printSignInLink(db, personId);
}
