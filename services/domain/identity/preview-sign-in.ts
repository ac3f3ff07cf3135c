import { PlenumError } from "../../kernel/errors";
import type { Caller } from "../../platform/caller";
import type { Database } from "../../platform/unit-of-work";
import { getMember } from "../members";
import { openLicencesOf } from "../seats";
import type { AssertionFacts } from "./assertion-facts";
import { followAssertion } from "./follow-assertion";
import { memberOfAssertion } from "./member-of-assertion";
import { readPerson } from "./read-person";
import type { SamlConnection } from "./saml-connection";
import { ssoRefused } from "./sso-refusals";
import type { SignInPreview } from "./test-runs.store";
import { trustOfDomain, type DomainTrust } from "./trust-domain";

type Outcome = Pick<SignInPreview, "effect" | "role" | "seated">;

/** Carries the answer out of a unit of work that must leave nothing behind. */
class Undone extends Error {
  constructor(readonly outcome: Outcome) {
    super("a trial leaves nothing behind");
  }
}

/**
 * What a sign-in with this assertion would do, found out by doing it and taking it back: the same code, the same locks,
 * the same refusals, and not one row (SAML-95, SAML-96).
 */
export async function previewSignIn(
  db: Database,
  caller: Caller,
  connection: SamlConnection,
  facts: AssertionFacts,
): Promise<SignInPreview> {
  const person = readPerson(facts, connection.mapping);
  let domain: DomainTrust | null = null;
  const shown = {
    email: person.email?.asGiven ?? null,
    givenName: person.givenName,
    familyName: person.familyName,
    groups: person.groups ?? null,
  };
  try {
    return await db.run(caller, async (tx): Promise<SignInPreview> => {
      if (person.email) domain = await trustOfDomain(tx, person.email.domain, connection.id);
      const found = await memberOfAssertion(tx, connection, facts.issuer, facts.nameId.value, person);
      // Neither refused nor let in: the member or an administrator comes first (SAML-62).
      if (found.effect === "LINK_NEEDED") {
        throw ssoRefused(
          found.policy === "CONFIRM" ? "link_needs_member" : "link_needs_administrator",
          "the link waits",
        );
      }
      await followAssertion(tx, connection, found, person);
      const { role } = await getMember(tx, found.memberId);
      const licences = await openLicencesOf(tx, found.memberId);
      throw new Undone({ effect: found.effect, role, seated: licences.some(({ kind }) => kind === "SERVICE") });
    });
  } catch (error) {
    if (error instanceof Undone) return { ...shown, domain, ...error.outcome, refusal: null };
    if (!(error instanceof PlenumError)) throw error;
    const { reason } = error.facts;
    const refusal = typeof reason === "string" ? reason : error.code;
    return { ...shown, domain, effect: null, role: null, seated: null, refusal };
  }
}
