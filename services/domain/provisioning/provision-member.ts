import { isTimeZone } from "../../kernel/period";
import { type MemberId } from "../../kernel/ids";
import type { Tx } from "../../platform/unit-of-work";
import { useCase } from "../access";
import { addMember, type MemberProfile, type MemberValue } from "../members";
import { assignPlan } from "../subscriptions";
import { markSeen, nameLink } from "./links.store";
import type { Provisioner } from "./provisioned";
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
}

export interface Provisioned {
  readonly id: MemberId;
  readonly warnings: readonly string[];
  readonly seatEffect: SeatEffect | null;
}

/**
 * Adds a member on behalf of an identity provider, into a seat (SCIM-183, 184).
 * @throws PlenumError `duplicate`, `seats_exhausted`, `invalid`.
 */
export const provisionMember = useCase(
  "member:write",
  async (tx: Tx, input: MemberToProvision): Promise<Provisioned> => {
    const { by, profile, values, rest, active, licence } = input;
    const wish = readRoles(input.roles, by.roleCeiling);
    const role = wish.role ?? "MEMBER";
    const manager = { managedBy: by.connectionId } as const;
    const known = input.id === undefined ? {} : { id: input.id };
    const added = await addMember(tx, {
      ...known,
      profile,
      values,
      scimRest: rest,
      origin: "SCIM",
      role,
      active,
      ...manager,
    });
    const { id } = added.member;
    if (licence !== undefined && active) await assignPlan(tx, { memberId: id, planCode: licence });
    const link = { connectionId: by.connectionId, kind: "MEMBER", resourceId: id } as const;
    const shared = input.externalId !== null && (await nameLink(tx, link, input.externalId));
    if (input.externalId === null) await markSeen(tx, link);
    const warnings = [...wish.warnings, ...added.warnings.map(sentenceOf), ...warningsOf(profile)];
    if (shared) warnings.push("another resource of this connection has the same externalId");
    return { id, warnings, seatEffect: effectOf(added.seat) };
  },
  "provisionMember",
);

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
