import { isTimeZone } from "../../kernel/period";
import { newId, type MemberId } from "../../kernel/ids";
import type { Tx } from "../../platform/unit-of-work";
import { useCase } from "../access";
import { addMember, type AddedMember, type MemberProfile, type MemberValue } from "../members";
import { assignPlan } from "../subscriptions";
import { grantOptions } from "./grant-options";
import { markSeen, nameLink } from "./links.store";
import { completeMembers } from "./complete-members";
import type { ProvisionedMember, Provisioner } from "./provisioned";
import { findProvisionedRow, type MemberRow } from "./provisioned-members.store";
import { readRoles } from "./roles.rules";
import { effectOf, type SeatEffect } from "./seat-effect";

export interface MemberToProvision {
  /** Given where the provider knows it already: what was created in a preview. */
  readonly id?: MemberId;
  readonly by: Provisioner;
  readonly profile: { readonly userName: string } & Partial<MemberProfile>;
  readonly values: readonly MemberValue[];
  readonly rest: Readonly<Record<string, unknown>>;
  readonly active: boolean;
  readonly externalId: string | null;
  /** Names of roles as the client gives them. */
  readonly roles: readonly string[];
  /** Code of the plan to be seated on; absent: the default. */
  readonly licence?: string;
  /** Codes of options beside it. */
  readonly options?: readonly string[];
}

export interface Provisioned {
  readonly id: MemberId;
  readonly warnings: readonly string[];
  readonly seatEffect: SeatEffect | null;
}

export interface ProvisionedAnew extends Provisioned {
  readonly member: ProvisionedMember;
}

/**
 * Adds a member on behalf of an identity provider, into a seat (SCIM-183, 184).
 * @throws PlenumError `duplicate`, `seats_exhausted`, `invalid`.
 */
export const provisionMember = useCase(
  "member:write",
  async (tx: Tx, input: MemberToProvision): Promise<ProvisionedAnew> => {
    const { by, profile, values, rest, active, licence } = input;
    const wish = readRoles(input.roles, by.roleCeiling);
    const role = wish.role ?? "MEMBER";
    const id = input.id ?? newId("member");
    const managedBy = by.connectionId;
    const link = { connectionId: by.connectionId, kind: "MEMBER", resourceId: id } as const;
    // The link names the member and does not point at the row, so it can travel with the questions before it.
    const [added, shared] = await Promise.all([
      addMember(tx, {
        ...{ id, profile, values, scimRest: rest, origin: "SCIM", role, active, managedBy },
        ...(licence === undefined ? {} : { returnTo: licence }),
      }),
      input.externalId === null ? markSeen(tx, link) : nameLink(tx, link, input.externalId),
    ]);
    if (licence !== undefined && active) await assignPlan(tx, { memberId: id, planCode: licence });
    const strange = active ? await grantOptions(tx, id, { before: [], after: input.options ?? [] }) : [];
    const { externalId } = input;
    const row =
      licence === undefined && added.seat !== "FREE"
        ? rowOf(added, externalId)
        : await findProvisionedRow(tx, by.connectionId, id, "none");
    if (!row) throw new Error("the member was just added");
    // Nobody is in a group before they are a member.
    const [member] = await completeMembers(tx, by, [{ ...row, groups: [] }]);
    const warnings = [...wish.warnings, ...added.warnings.map(sentenceOf), ...warningsOf(profile), ...strange];
    if (licence !== undefined && !active) warnings.push(keptLicence(licence));
    if (shared === true) warnings.push("another resource of this connection has the same externalId");
    return { id, member: member as ProvisionedMember, warnings, seatEffect: effectOf(added.seat) };
  },
  "provisionMember",
);

/** What is told where a licence is named for somebody who is not active: seats are for those who are (SCIM-187). */
export function keptLicence(licence: string): string {
  return `the licence ${JSON.stringify(licence.slice(0, 80))} is kept for when the member is active again`;
}

// What the database would answer, without asking: it was all written a moment ago, and while it is asked for, others wait
// for the row of the seats.
function rowOf({ member, planCode }: AddedMember, externalId: string | null): MemberRow {
  const values = [...member.values].sort((a, b) =>
    a.attribute < b.attribute ? -1 : a.attribute > b.attribute ? 1 : 0,
  );
  return { ...member, values, externalId, planCode: planCode ?? null, groups: null };
}

function sentenceOf(warning: string): string {
  return warning === "email_in_use"
    ? "another member signs in with this e-mail address; the new one has no address to sign in by"
    : warning;
}

/** What is stored and has no effect (SCIM-061). */
export function warningsOf({ timeZone }: Partial<MemberProfile>): string[] {
  if (!timeZone || isTimeZone(timeZone)) return [];
  return [`the time zone ${JSON.stringify(timeZone.slice(0, 80))} is unknown; stored, not applied`];
}
