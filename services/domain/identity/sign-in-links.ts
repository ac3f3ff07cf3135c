import { createHash, randomBytes } from "node:crypto";
import type { MemberId, OrgId, PersonId } from "../../kernel/ids";
import type { Email } from "../../kernel/email";
import type { Origin } from "../../platform/caller";
import {
  addSignInLink,
  keepSignInLetter,
  listMembershipsOf,
  peekSignInLink,
  useSignInLink as spendSignInLink,
  type Membership,
} from "../../platform/lobby";
import type { Database, Tx } from "../../platform/unit-of-work";
import { notFound, PlenumError } from "../../kernel/errors";
import { publicOf } from "../access";
import { loadOrganization, requireLiveOrganization } from "../organizations";
import { startLoginSession, type StartedSession } from "./login-sessions";
import { mayUseLink, ssoRequired } from "./require-link-allowed";
import { signInMail } from "./sign-in.mail";
import { findSignInMember } from "./sign-in.store";

/** How long a link works: 30 minutes for a mail, a day for one that the operator prints. */
const mailedSeconds = 30 * 60;
const printedSeconds = 24 * 60 * 60;
const linksPerHourMax = 5;

/**
 * Sends a one-time sign-in link, if somebody signs in with this address. The answer is the same either way, and so is
 * the work: one statement that writes the same rows, so that nobody learns who has an account (SAML-77, SAML-A91).
 */
export async function sendSignInLink(db: Database, email: Email, locale: "fr" | "en"): Promise<void> {
  const { secretHash, link } = mintLink(db);
  const mail = signInMail(locale, link);
  await keepSignInLetter(db, { email, secretHash, validSeconds: mailedSeconds, perHourMax: linksPerHourMax, mail });
}

/** A link for the operator to hand over; it is not counted against the mails of the person. */
export async function printSignInLink(db: Database, personId: PersonId): Promise<string> {
  const { secretHash, link } = mintLink(db);
  await addSignInLink(db, { hash: secretHash, personId, validSeconds: printedSeconds });
  return `${link}?now=1`;
}

function mintLink(db: Database): { readonly secretHash: Buffer; readonly link: string } {
  const secret = randomBytes(32).toString("base64url");
  return { secretHash: hashOf(secret), link: `${db.instance.publicUrl}/sign-in/${secret}` };
}

/** An organization that a link opens. */
export interface SignInChoice {
  readonly orgId: OrgId;
  readonly memberId: MemberId;
  readonly organization: string;
  readonly slug: string;
  /** The organization requires single sign-on of this member: the link opens nothing there (SAML-82). */
  readonly ssoRequired: boolean;
}

/**
 * What a link opens, without using it: one organization, or several to choose from (ruling c16).
 * @throws PlenumError `invalid_token`.
 */
export async function lookAtSignInLink(db: Database, secret: string, origin: Origin): Promise<SignInChoice[]> {
  const personId = await peekSignInLink(db, hashOf(secret));
  if (!personId) throw invalidLink();
  return choicesOf(db, personId, origin);
}

/**
 * Uses a link, once, and starts a session in one organization: the named one, or the only one.
 * @throws PlenumError `invalid_token`; `not_found` when the person is no active member there; `sso_refused` where single
 * sign-on is required.
 */
export async function signInByLink(
  db: Database,
  input: { secret: string; orgId?: OrgId },
  origin: Origin,
): Promise<StartedSession & { orgId: OrgId }> {
  const choices = await lookAtSignInLink(db, input.secret, origin);
  const choice = input.orgId === undefined ? choices[0] : choices.find((c) => c.orgId === input.orgId);
  if (!choice) throw notFound("membership");
  // Asked before the link is spent, so that it still opens the person's other organizations.
  if (choice.ssoRequired) throw ssoRequired();
  const session = await db.run(publicOf(choice.orgId, origin), async (tx) => {
    if (!(await spendSignInLink(tx, hashOf(input.secret)))) throw invalidLink();
    await requireSignIn(tx, choice.memberId);
    return startLoginSession(tx, { memberId: choice.memberId, method: "LINK" });
  });
  return { ...session, orgId: choice.orgId };
}

async function choicesOf(db: Database, personId: PersonId, origin: Origin): Promise<SignInChoice[]> {
  const memberships = await listMembershipsOf(db, personId);
  const found = await Promise.all(memberships.map((m) => choiceOf(db, m, origin)));
  return found.filter((choice) => choice !== undefined);
}

async function choiceOf(
  db: Database,
  { orgId, memberId }: Membership,
  origin: Origin,
): Promise<SignInChoice | undefined> {
  return db.run(publicOf(orgId, origin), async (tx) => {
    if (!(await findSignInMember(tx, memberId))) return undefined;
    const { name, slug } = await loadOrganization(tx);
    return { orgId, memberId, organization: name, slug, ssoRequired: !(await mayUseLink(tx, memberId)) };
  });
}

// Owners and admins get in to an organization that is suspended: they may have to pay (ruling 8).
async function requireSignIn(tx: Tx, memberId: MemberId): Promise<void> {
  const member = await findSignInMember(tx, memberId);
  if (!member) throw notFound("membership");
  if (member.role === "MEMBER") await requireLiveOrganization(tx);
}

function hashOf(secret: string): Buffer {
  return createHash("sha256").update(secret).digest();
}

function invalidLink(): PlenumError {
  return new PlenumError("invalid_token", "this link is unknown, used or expired", {});
}
