import { invalid, notFound, PlenumError } from "../../kernel/errors";
import { publicId, type MemberId, type OrgId } from "../../kernel/ids";
import { personsAbleToBreakGlass } from "../../platform/lobby";
import type { Tx } from "../../platform/unit-of-work";
import { roleOf, useCase } from "../access";
import { getMember, shownName, type Member } from "../members";
import { lockOrganization } from "../organizations";
import { refuseBreakGlassSession, requireFreshSession } from "./administrator";
import { readEnforcement } from "./enforcement";
import { shortenSessionsOfLinks } from "./enforcement.store";
import {
  deleteExemption,
  dropStaleBreakGlass,
  freeBreakGlassPlaces,
  insertExemption,
  listExemptionRows,
  takeBreakGlassPlace,
  type Exemption,
  type ExemptionKind,
} from "./exemptions.store";
import { graceMinutes, syncEnforcement } from "./sync-enforcement";
import { tellAdministrators } from "./tell-administrators";

/** How many owners may hold break-glass (SAML-83). */
export const breakGlassMax = 3;

export interface ExemptionInput {
  readonly kind: ExemptionKind;
  /** Whom it concerns; absent for the two switches GUESTS and API_TOKENS. */
  readonly memberId?: MemberId;
}

/** Whom enforcement does not bind, and who may break the glass. */
export const listExemptions = useCase(
  "identity:read",
  async (tx: Tx, _input: object): Promise<Exemption[]> => listExemptionRows(tx),
  "listExemptions",
);

/**
 * Exempts a person, the guests or the API tokens, or lists an owner for break-glass. An owner is listed once they have
 * registered a passkey, or an authenticator with recovery codes (ruling 8).
 * @throws PlenumError `conflict` at the fourth owner or without a credential; `forbidden`, `not_found`, `invalid`.
 */
export const addExemption = useCase(
  "identity:write",
  async (tx: Tx, input: ExemptionInput): Promise<void> => {
    await requireFreshSession(tx);
    const member = await subjectOf(tx, input);
    if (input.kind === "BREAK_GLASS") await requireBreakGlassRights(tx);
    await lockOrganization(tx);
    if (input.kind === "BREAK_GLASS" && member) await requireAble(tx, member);
    const subject = member?.id ?? tx.orgId;
    if (!(await insertExemption(tx, input.kind, subject))) return;
    if (input.kind === "BREAK_GLASS") await takePlace(tx);

    await syncEnforcement(tx);
    await announce(tx, "exemption.add", input.kind, subject, member);
  },
  "addExemption",
);

/**
 * Takes an exemption back. Whoever came in by it keeps an hour.
 * @throws PlenumError `conflict` for the last owner who could break the glass while single sign-on is required.
 */
export const removeExemption = useCase(
  "identity:write",
  async (tx: Tx, input: ExemptionInput): Promise<void> => {
    await requireFreshSession(tx);
    const subject = input.memberId ?? tx.orgId;
    if (input.kind === "BREAK_GLASS") await requireBreakGlassRights(tx);
    await lockOrganization(tx);
    await dropStaleBreakGlass(tx);
    if (input.kind === "BREAK_GLASS" && input.memberId) await refuseLast(tx, input.memberId);
    if (!(await deleteExemption(tx, input.kind, subject))) throw notFound("exemption");
    if (input.kind === "BREAK_GLASS") await freeBreakGlassPlaces(tx, 1);

    const { inForce } = await readEnforcement(tx);
    if (inForce) await shortenSessionsOfLinks(tx, graceMinutes);
    // People who were named may be gone by now; owners on the list are there.
    const member = input.kind === "BREAK_GLASS" && input.memberId ? await getMember(tx, input.memberId) : undefined;
    await announce(tx, "exemption.remove", input.kind, subject, member);
  },
  "removeExemption",
);

async function subjectOf(tx: Tx, { kind, memberId }: ExemptionInput): Promise<Member | undefined> {
  const isSwitch = kind === "GUESTS" || kind === "API_TOKENS";
  if (isSwitch !== (memberId === undefined)) {
    throw invalid("memberId", isSwitch ? "no member for a switch" : "the member whom it concerns");
  }
  if (memberId === undefined) return undefined;
  return getMember(tx, memberId);
}

// An administrator must not be able to give an owner's key to a friend, nor a break-glass session to stay (SAML-83).
async function requireBreakGlassRights(tx: Tx): Promise<void> {
  await refuseBreakGlassSession(tx);
  if (roleOf(tx.caller) !== "OWNER") {
    throw new PlenumError("forbidden", "an owner says who may break the glass", { role: "OWNER" });
  }
}

async function requireAble(tx: Tx, member: Member): Promise<void> {
  if (member.role !== "OWNER" || member.status !== "ACTIVE") {
    throw new PlenumError("conflict", "only an active owner may break the glass", { missing: "owner" });
  }
  const able = await personsAbleToBreakGlass(tx, member.personId ? [member.personId] : []);
  if (!member.personId || !able.has(member.personId)) {
    throw new PlenumError("conflict", "this owner has registered neither a passkey nor an authenticator", {
      missing: "credential",
    });
  }
}

async function takePlace(tx: Tx): Promise<void> {
  await dropStaleBreakGlass(tx);
  if (!(await takeBreakGlassPlace(tx, breakGlassMax))) {
    throw new PlenumError("conflict", `at most ${breakGlassMax} owners may break the glass`, { max: breakGlassMax });
  }
}

async function refuseLast(tx: Tx, memberId: MemberId): Promise<void> {
  const { policy, breakGlassOwners } = await readEnforcement(tx);
  const isLast = breakGlassOwners.length === 1 && breakGlassOwners[0] === memberId;
  if (policy === "REQUIRED" && isLast) throw lastBreakGlass();
}

/** The refusal of what would leave single sign-on required with nobody to break the glass. */
export function lastBreakGlass(): PlenumError {
  return new PlenumError("conflict", "single sign-on is required: one owner must be able to break the glass", {
    missing: "breakGlass",
  });
}

async function announce(
  tx: Tx,
  action: string,
  kind: ExemptionKind,
  subject: MemberId | OrgId,
  member: Member | undefined,
): Promise<void> {
  const shown = member ? { member: publicId("member", member.id) } : {};
  const facts = { kind, ...shown, ...(kind === "BREAK_GLASS" ? { severity: "high" } : {}) };
  tx.audit({ action, target: { kind: member ? "member" : "organization", id: subject }, facts });
  tx.emit({ name: "enforcement.changed" });
  if (kind === "BREAK_GLASS" && member) {
    await tellAdministrators(tx, "break_glass_changed", { who: shownName(member) }, ["OWNER"]);
  }
}
