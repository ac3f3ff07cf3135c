import { PlenumError } from "../../kernel/errors";
import type { Caller } from "../../platform/caller";
import type { Database } from "../../platform/unit-of-work";
import type { AssertionFacts } from "./assertion-facts";
import { memberOfAssertion, type SignInEffect } from "./member-of-assertion";
import { readPerson } from "./read-person";
import type { SamlConnection } from "./saml-connection";
import type { SignInPreview } from "./test-runs.store";

/** Carries the answer out of a unit of work that must leave nothing behind. */
class Undone extends Error {
  constructor(readonly effect: SignInEffect) {
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
  const shown = {
    email: person.email?.asGiven ?? null,
    givenName: person.givenName,
    familyName: person.familyName,
    groups: person.groups ?? null,
  };
  try {
    return await db.run(caller, async (tx): Promise<SignInPreview> => {
      const { effect } = await memberOfAssertion(tx, connection, facts.issuer, facts.nameId.value, person);
      throw new Undone(effect);
    });
  } catch (error) {
    if (error instanceof Undone) return { ...shown, effect: error.effect, refusal: null };
    if (!(error instanceof PlenumError)) throw error;
    const { reason } = error.facts;
    return { ...shown, effect: null, refusal: typeof reason === "string" ? reason : error.code };
  }
}
