import { PlenumError } from "../../kernel/errors";
import type { MemberId } from "../../kernel/ids";
import { foldKey } from "../../kernel/text";
import type { Tx } from "../../platform/unit-of-work";
import { isAtMost } from "../access";
import { addMember, joinMember } from "../members";
import { lockConnection } from "./connections.store";
import { deactivated } from "./login-sessions";
import type { AssertedPerson } from "./read-person";
import type { SamlConnection } from "./saml-connection";
import { waitingPolicy } from "./link-policy";
import { ssoRefused } from "./sso-refusals";
import { findIdentityRow, insertIdentity, type IdentityKey } from "./sso-identities.store";
import { matchMembers, type MatchedMember } from "./sso-matches.store";
import { trustOfDomain } from "./trust-domain";
import type { LinkNeeded } from "./wait-for-link";

/** How the sign-in found its member. */
export type SignInEffect = "KNOWN" | "LINKED" | "JOINED" | "CREATED";

export interface SignedInMember {
  readonly memberId: MemberId;
  readonly effect: SignInEffect;
  /** What is known of somebody who came before, so that an ordinary sign-in need not look further. */
  readonly known?: { readonly loginEmailNorm: string | null; readonly managed: boolean };
}

/**
 * The member whom an assertion means. Known identities first: an e-mail address is a claim that may change hands, the
 * pair of identity provider and name is not (SAML-60). Otherwise a member is found, joined or made as the connection's
 * provisioning mode says (SAML-61 … 66).
 * @throws PlenumError `member_deactivated`, `email_domain_not_owned`, `seats_exhausted`, `sso_refused`.
 */
export async function memberOfAssertion(
  tx: Tx,
  connection: SamlConnection,
  idpEntityId: string,
  nameId: string,
  person: AssertedPerson,
): Promise<SignedInMember | LinkNeeded> {
  const key = identityKey(connection, idpEntityId, person);
  const known = await knownMember(tx, connection, key);
  if (known) return known;

  // First sign-ins of one connection come one after the other, so that two for the same person make one member.
  await lockConnection(tx, connection.id);
  const meanwhile = await knownMember(tx, connection, key);
  if (meanwhile) return meanwhile;
  const matched = await matchedMember(tx, connection, key, nameId, person);
  const needed = matched && linkNeeded(connection, matched, key, person);
  if (needed) return needed;
  const member = matched ? await enter(tx, connection, matched) : await create(tx, connection, nameId, person);
  await insertIdentity(tx, key, member.memberId);
  return member;
}

function identityKey(connection: SamlConnection, idpEntityId: string, person: AssertedPerson): IdentityKey {
  if (person.ambiguous.length > 0) {
    throw ssoRefused("attribute_repeated", "an attribute that identifies the person came with several values", {
      attributes: person.ambiguous,
    });
  }
  if (!person.identity) {
    throw connection.mapping.identity === undefined
      ? ssoRefused("name_id_transient", "a transient NameID names nobody for longer than one session")
      : ssoRefused("name_id_missing", "the attribute that identifies people is missing", {
          attribute: connection.mapping.identity,
        });
  }
  return { connectionId: connection.id, idpEntityId, ...person.identity };
}

async function knownMember(tx: Tx, connection: SamlConnection, key: IdentityKey): Promise<SignedInMember | undefined> {
  const known = await findIdentityRow(tx, key);
  if (!known) return undefined;
  const { memberId, status, loginEmailNorm, managed } = known;
  if (known.blocked || status === "REMOVED") throw blocked();
  if (status === "SUSPENDED") throw deactivated(memberId);
  requireProvisioned(connection, managed);
  if (status === "ACTIVE") {
    return { memberId, effect: known.unused ? "LINKED" : "KNOWN", known: { loginEmailNorm, managed } };
  }
  await joinMember(tx, { id: memberId });
  return { memberId, effect: "JOINED" };
}

/** SCIM's own id first, then the user name that SCIM gave, then an address in a domain of the organization. */
async function matchedMember(
  tx: Tx,
  connection: SamlConnection,
  identity: IdentityKey,
  nameId: string,
  person: AssertedPerson,
): Promise<MatchedMember | undefined> {
  const emailNorm = person.email?.norm ?? null;
  const by = { nameId, userNameKey: foldKey(nameId), emailNorm, identity };
  const candidates = await matchMembers(tx, by);
  const vouched = candidates.filter((c) => isVouched(connection, c));
  const live = (list: MatchedMember[]) => list.find((c) => c.status !== "REMOVED") ?? list[0];
  const byScim = live(vouched.filter((c) => c.byExternalId)) ?? live(vouched);
  if (byScim) return byScim;

  const byEmail = live(candidates.filter((c) => c.byEmail));
  if (byEmail && person.email) {
    await requireTrusted(tx, connection, person.email.domain);
    // Whom an administrator removed may come back as somebody new; whom SCIM deleted stays out.
    if (byEmail.status !== "REMOVED" || byEmail.managed) return byEmail;
  }
  return undefined;
}

// Whom SCIM over this connection named is vouched for twice. Owners are not, nor others above its ceiling: whoever has a
// SCIM token could call them by a name that the identity provider has given to somebody else.
function isVouched({ roleCeiling }: SamlConnection, matched: MatchedMember): boolean {
  const { role, managedHere, byExternalId, byUserName } = matched;
  return isAtMost(role, roleCeiling) && managedHere && (byExternalId || byUserName);
}

// Whoever is found by the address alone may have to prove more than the address (SAML-62).
function linkNeeded(
  connection: SamlConnection,
  matched: MatchedMember,
  key: IdentityKey,
  { email }: AssertedPerson,
): LinkNeeded | undefined {
  const { memberId, status, managed, breakGlass } = matched;
  const policy = waitingPolicy(connection, key.key, matched.knownAs);
  if (!policy || isVouched(connection, matched) || !email || (status !== "ACTIVE" && status !== "INVITED"))
    return undefined;
  // Told as under the usual policy: nobody's word but their own links them.
  if (breakGlass && policy === "ADMIN") return undefined;
  requireProvisioned(connection, managed);
  if (status === "INVITED" && connection.provisioning === "off") throw provisioningOff();
  return { effect: "LINK_NEEDED", memberId, policy, key, emailNorm: email.norm };
}

async function enter(tx: Tx, connection: SamlConnection, matched: MatchedMember): Promise<SignedInMember> {
  const { memberId, status, breakGlass, managed } = matched;
  if (breakGlass) {
    throw ssoRefused("break_glass_not_linked", "an owner who keeps an emergency access links the identity in person");
  }
  if (status === "ACTIVE" || status === "INVITED") requireProvisioned(connection, managed);
  switch (status) {
    case "REMOVED":
      throw blocked();
    case "SUSPENDED":
      throw deactivated(memberId);
    case "ACTIVE":
      return { memberId, effect: "LINKED" };
    case "INVITED":
      if (connection.provisioning === "off") throw provisioningOff();
      await joinMember(tx, { id: memberId });
      return { memberId, effect: "JOINED" };
  }
}

async function create(
  tx: Tx,
  connection: SamlConnection,
  nameId: string,
  person: AssertedPerson,
): Promise<SignedInMember> {
  if (connection.provisioning === "off") throw provisioningOff();
  requireProvisioned(connection, false);
  if (connection.provisioning === "existing") {
    throw ssoRefused("member_unknown", "this person is not a member, and sign-in makes no members here");
  }
  const { email } = person;
  if (!email) throw ssoRefused("email_missing", "the identity provider sent no e-mail address");
  await requireTrusted(tx, connection, email.domain);
  const { givenName, familyName, displayName } = person;
  const added = await addMember(tx, {
    origin: "SAML",
    profile: { userName: email.asGiven, givenName, familyName, displayName: displayName ?? fullName(person) },
    values: [{ attribute: "emails", type: "work", value: email.asGiven, primary: true, detail: null }],
  });
  return { memberId: added.member.id, effect: "CREATED" };
}

// The hard switch of SAML-64: who may sign in is then decided in one place only.
function requireProvisioned({ options }: SamlConnection, managed: boolean): void {
  if (!options.scimOnly || managed) return;
  throw ssoRefused("member_unknown", "only members whom SCIM has brought may sign in here");
}

function fullName({ givenName, familyName }: AssertedPerson): string | null {
  return [givenName, familyName].filter((part) => part !== null).join(" ") || null;
}

/** An address counts only in a domain that is proved, now, and that this connection may speak for (SAML-61, 76). */
async function requireTrusted(tx: Tx, connection: SamlConnection, domain: string): Promise<void> {
  if ((await trustOfDomain(tx, domain, connection.id)) === "verified") return;
  throw new PlenumError("email_domain_not_owned", "this organization has not proved that it owns the domain", {
    domain,
  });
}

function blocked(): PlenumError {
  return ssoRefused("identity_blocked", "this member was removed; an administrator can let them in again");
}

function provisioningOff(): PlenumError {
  return ssoRefused("provisioning_off", "sign-in adds nobody to this organization");
}
