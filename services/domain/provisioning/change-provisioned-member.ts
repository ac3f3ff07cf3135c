import { PlenumError } from "../../kernel/errors";
import type { Tx } from "../../platform/unit-of-work";
import { useCase } from "../access";
import { applyRules } from "../groups";
import { changeMember, type MemberChange } from "../members";
import { assignPlan } from "../subscriptions";
import { grantOptions, restoreOptions, storedOptions, type OptionsWish } from "./grant-options";
import { markSeen, nameLink, touchResource } from "./links.store";
import type { Provisioner } from "./provisioned";
import type { MemberRow } from "./provisioned-members.store";
import { keptLicence, warningsOf, type Provisioned } from "./provision-member";
import { readRoles } from "./roles.rules";
import { effectOf } from "./seat-effect";
import { watchDeprovisioning } from "./watch-deprovisioning";

export interface ProvisionedMemberChange {
  readonly by: Provisioner;
  /** The member as `lockProvisionedMember` gave it. */
  readonly member: MemberRow;
  readonly changes: readonly MemberChange[];
  /** Null clears, absent keeps. */
  readonly externalId?: string | null;
  /** Names of roles before and after, where they differ. */
  readonly roles?: { readonly before: readonly string[]; readonly after: readonly string[] };
  readonly licence?: string;
  readonly options?: OptionsWish;
}

export interface ChangedByProvider extends Provisioned {
  /** The member as they are now, where that is known without asking. */
  readonly member?: MemberRow;
}

/**
 * Changes a member on behalf of an identity provider; activating takes a seat, deactivating frees it (SCIM-184, 187).
 * @throws PlenumError `duplicate`, `seats_exhausted`, `last_owner`, `invalid`, `mass_deprovision_guard`.
 */
export const changeProvisionedMember = useCase(
  "member:write",
  async (tx: Tx, input: ProvisionedMemberChange): Promise<ChangedByProvider> => {
    const { by, member, licence } = input;
    const { id } = member;
    const wish = readRoles(input.roles?.after ?? [], by.roleCeiling);
    const sleeps = isAsleep(input);
    const changes: MemberChange[] = [...input.changes, ...roleChange(input), { kind: "manage", by: by.connectionId }];
    // Identity providers send the whole person with a suspension, and go on doing so afterwards.
    if (licence !== undefined && sleeps) changes.push({ kind: "returnTo", planCode: licence });
    const link = { connectionId: by.connectionId, kind: "MEMBER", resourceId: id } as const;
    const renamed = input.externalId !== undefined && input.externalId !== member.externalId;
    const [{ changed, seat, member: after }, isTaken] = await Promise.all([
      changeMember(tx, { id, changes, locked: member, reach: by.roleCeiling === "MEMBER" ? "MEMBER" : "ADMIN" }),
      renamed ? nameLink(tx, link, input.externalId) : markSeen(tx, link),
    ]);
    if (licence !== undefined && !sleeps) await assignPlan(tx, { memberId: id, planCode: licence });
    const missing = await changeOptions(tx, input, seat !== undefined);
    const shared = isTaken === true && input.externalId !== null;
    if (!changed && (renamed || (licence !== undefined && !sleeps))) await touchResource(tx, "MEMBER", id);

    const warnings = [...wish.warnings, ...profileWarnings(input.changes), ...missing];
    if (licence !== undefined && sleeps) warnings.push(keptLicence(licence));
    if (shared) warnings.push("another resource of this connection has the same externalId");
    const suspended = member.status !== "SUSPENDED" && input.changes.some((change) => change.kind === "suspend");
    if (member.status === "SUSPENDED" && seat !== undefined) warnings.push(...(await applyRules(tx, [id])).warnings);
    if (suspended) {
      // Groups and links stay with a suspended member, and the row itself remembers the licences.
      const before = { status: member.status, role: member.role, pools: [], groups: [], links: [] };
      await watchDeprovisioning(tx, by.connectionId, [{ memberId: id, before }]);
    }
    // What else was changed, or came of it, has to be read.
    const isKnown = seat === undefined && licence === undefined && input.options === undefined && !renamed;
    const row = { ...member, ...after, planCode: suspended ? null : member.planCode };
    return {
      ...{ id, warnings, seatEffect: suspended ? "released" : effectOf(seat) },
      ...(isKnown ? { member: row } : {}),
    };
  },
  "changeProvisionedMember",
);

/** Options follow the wish while the member is awake; whoever comes back gets what there is of them (ruling c8). */
async function changeOptions(tx: Tx, input: ProvisionedMemberChange, woke: boolean): Promise<string[]> {
  const { member, options } = input;
  if (woke) return restoreOptions(tx, member.id, options?.after ?? storedOptions(member.scimRest));
  return options && !isAsleep(input) ? grantOptions(tx, member.id, options) : [];
}

/** Whether the member is suspended once the change is made. */
function isAsleep({ member, changes }: ProvisionedMemberChange): boolean {
  const last = changes.filter(({ kind }) => kind === "activate" || kind === "suspend").at(-1);
  return last === undefined ? member.status === "SUSPENDED" : last.kind === "suspend";
}

/** A role that the provider took away falls back to MEMBER; what it never gave is left alone (SCIM-186). */
function roleChange({ by, member, roles }: ProvisionedMemberChange): MemberChange[] {
  if (!roles) return [];
  const before = readRoles(roles.before, by.roleCeiling).role;
  const after = readRoles(roles.after, by.roleCeiling).role;
  if (before === after && after !== undefined && member.role === after) return [];
  const role = after ?? (before === undefined ? undefined : "MEMBER");
  if (role === undefined || role === member.role) return [];
  if (member.role === "OWNER") {
    throw new PlenumError("last_owner", "an owner is not demoted by an identity provider", { role });
  }
  return [{ kind: "grantRole", role }];
}

function profileWarnings(changes: readonly MemberChange[]): string[] {
  return changes.flatMap((change) => (change.kind === "profile" ? warningsOf(change.set) : []));
}
