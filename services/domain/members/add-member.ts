import { newId, publicId, type ConnectionId, type MemberId } from "../../kernel/ids";
import type { Email } from "../../kernel/email";
import { PlenumError } from "../../kernel/errors";
import type { Role } from "../../platform/caller";
import { attachPerson, lookUpName } from "../../platform/lobby";
import type { Tx } from "../../platform/unit-of-work";
import { isAtMost, requirePermission, roleOf, useCase } from "../access";
import { requireLiveOrganization } from "../organizations";
import type { LicenceOrigin } from "../seats";
import { poolsToReturnTo } from "../subscriptions";
import { sendInvitation } from "./invitations";
import { emptyProfile, type Member, type MemberOrigin, type MemberProfile, type MemberValue } from "./member";
import { loginEmailOf, parseUserName } from "./member.rules";
import { findByLoginEmail, insertMember } from "./members.store";
import { markFreePlace } from "./free-places.store";
import { takeSeat, type SeatOutcome } from "./seat-member";

export interface NewMember {
  /** Given where ids are preserved: demonstration data, moves between instances. */
  readonly id?: MemberId;
  readonly profile: { readonly userName: string } & Partial<MemberProfile>;
  readonly values?: readonly MemberValue[];
  readonly scimRest?: Readonly<Record<string, unknown>>;
  readonly origin: MemberOrigin;
  readonly role?: Role;
  /** False: created suspended, without seat and without letter (SCIM-093). */
  readonly active?: boolean;
  /** The plan that a member created suspended wakes up on, where a seat of it is free then. */
  readonly returnTo?: string;
  readonly managedBy?: ConnectionId;
}

export interface AddedMember {
  readonly member: Member;
  readonly seat: SeatOutcome | "NONE";
  /** Plan of the paid seat. */
  readonly planCode?: string;
  /** What the caller should know and may not care about. */
  readonly warnings: readonly string[];
}

/**
 * Adds a person to the organization and seats them, for every door (ruling 3: one row from the first moment, the seat
 * is taken here and never again). Whoever has an address in a domain that this organization verified joins at once;
 * everybody else is INVITED and must accept, so that nobody's account is taken over by naming it (SCIM-049).
 * @throws PlenumError `duplicate` (user name), `already_member` (invited address), `seats_exhausted`.
 */
export const addMember = useCase(
  "member:write",
  async (tx: Tx, input: NewMember): Promise<AddedMember> => {
    const profile = { ...emptyProfile, ...input.profile, userName: parseUserName(input.profile.userName) };
    const values = input.values ?? [];
    const given = loginEmailOf(profile.userName, values);
    const [{ locale }, holder, status] = await Promise.all([
      requireLiveOrganization(tx),
      given && findByLoginEmail(tx, given.norm),
      statusOf(tx, input, given),
    ]);
    const role = input.role ?? "MEMBER";
    if (role !== "MEMBER") requireRole(tx, role);
    if (given && holder && input.origin === "INVITATION") throw alreadyMember(given, holder);

    const id = input.id ?? newId("member");
    // An address that another member has first is not taken from them: the newcomer has none (ruling c12).
    const email = holder ? undefined : given;
    const joins = status === "ACTIVE" ? email : undefined;
    const member: Omit<Member, "personId"> = {
      ...profile,
      orgId: tx.orgId,
      id,
      status,
      role,
      origin: input.origin,
      loginEmail: email?.asGiven ?? null,
      scimRest: input.scimRest ?? {},
      managedBy: input.managedBy ?? null,
      freePlace: false,
      seatSnapshot:
        status === "SUSPENDED" && input.returnTo !== undefined ? await poolsToReturnTo(tx, input.returnTo, null) : null,
      joinedAt: status === "ACTIVE" ? tx.now : null,
      suspendedAt: status === "SUSPENDED" ? tx.now : null,
      removedAt: null,
      createdAt: tx.now,
      updatedAt: tx.now,
      version: "1",
      values,
    };
    const [personId, , { outcome: seat, planCode }] = await Promise.all([
      joins ? attachPerson(tx, joins, id, locale) : null,
      insertMember(tx, member, {
        emailNorm: email?.norm ?? null,
        hasPerson: joins !== undefined && tx.shadowOf === undefined,
      }),
      status === "SUSPENDED" ? unseated : takeSeat(tx, id, licenceOrigin[input.origin]),
    ]);
    if (seat === "FREE") await markFreePlace(tx, id);
    if (status === "INVITED" && email) await sendInvitation(tx, { memberId: id, email });

    tx.audit({
      action: "member.add",
      target: { kind: "member", id },
      subjectId: id,
      facts: { origin: input.origin, role, status, seat },
      after: { userName: profile.userName },
    });
    tx.emit({ name: "member.added", memberId: id });
    return {
      member: { ...member, personId, freePlace: seat === "FREE" },
      seat,
      ...(planCode === undefined ? {} : { planCode }),
      warnings: holder ? ["email_in_use"] : [],
    };
  },
  "addMember",
);

const unseated: { outcome: "NONE"; planCode?: string } = { outcome: "NONE" };

const licenceOrigin: Readonly<Record<MemberOrigin, LicenceOrigin>> = {
  OWNER: "DEFAULT",
  INVITATION: "DEFAULT",
  OPERATOR: "DEFAULT",
  SCIM: "SCIM",
  SAML: "SAML",
  IMPORT: "IMPORT",
};

/** @throws PlenumError `forbidden` when the caller would hand on more than they have. */
export function requireRole(tx: Tx, role: Role): void {
  requirePermission(tx, "member:role");
  if (role === "OWNER" ? !tx.caller.permissions.has("owner:transfer") : !mayGrant(tx, role)) {
    throw new PlenumError("forbidden", `the role ${role} is above what this caller may grant`, { role });
  }
}

// Identity providers have no role of their own: their ceiling is the connection's, checked where roles are mapped
// (SCIM-048, SAML-68).
function mayGrant(tx: Tx, role: Role): boolean {
  return tx.caller.kind === "scim" || tx.caller.kind === "saml" || isAtMost(role, roleOf(tx.caller));
}

async function statusOf(
  tx: Tx,
  input: NewMember,
  email: Email | undefined,
): Promise<"INVITED" | "ACTIVE" | "SUSPENDED"> {
  if (input.active === false) return "SUSPENDED";
  switch (input.origin) {
    case "INVITATION":
      return "INVITED";
    case "OWNER":
    case "OPERATOR":
    case "SAML":
      return "ACTIVE";
    case "SCIM":
    case "IMPORT":
      // Without an address there is no account that could be taken over.
      return !email || (await isOwnDomain(tx, email.domain)) ? "ACTIVE" : "INVITED";
  }
}

/** Whether this organization has proved that it owns the domain; the directory has one holder in the world. */
export async function isOwnDomain(tx: Tx, domain: string): Promise<boolean> {
  return (await lookUpName(tx, "DOMAIN", domain))?.orgId === (tx.shadowOf ?? tx.orgId);
}

function alreadyMember(email: Email, holder: { id: MemberId; status: string }): PlenumError {
  const facts = { field: "email", email: email.asGiven, member: publicId("member", holder.id), status: holder.status };
  return new PlenumError("already_member", "this address belongs to a member already", facts);
}
