import { PlenumError, notFound } from "../../kernel/errors";
import { readEmail, type Email } from "../../kernel/email";
import { publicId, type MemberId } from "../../kernel/ids";
import type { Role } from "../../platform/caller";
import type { Tx } from "../../platform/unit-of-work";
import { isAtMost, requirePermission, roleOf, useCase } from "../access";
import { poolsToReturnTo } from "../subscriptions";
import { activate } from "./activate-member";
import { applyProfile } from "./change-profile";
import { grantRole } from "./grant-role";
import { requireOwnFields } from "./managed-fields";
import type { Member } from "./member";
import type { MemberChange } from "./member-change";
import { loginEmailOf } from "./member.rules";
import { personAfter } from "./move-person";
import { findByLoginEmail, lockMemberRow, replaceMemberValues, updateMember } from "./members.store";
import type { SeatOutcome } from "./seat-member";
import { suspend, type Suspended } from "./suspend-member";

export interface MemberChangeInput {
  readonly id: MemberId;
  readonly changes: readonly MemberChange[];
  /** The row, where this unit of work has locked and read it already and changed nothing of it since. */
  readonly locked?: Member;
  /** An identity provider says so, and this is the highest role that it may hand on. */
  readonly reach?: "ADMIN" | "MEMBER";
  /** Refused when the row has another version (If-Match, `ifVersion`). */
  readonly ifVersion?: string;
}

export interface ChangedMember {
  readonly member: Member;
  readonly changed: boolean;
  /** What a reactivation got; absent when no seat was asked for. */
  readonly seat?: SeatOutcome;
}

/**
 * Changes a member, on the locked row, all or nothing. Nothing effective → nothing written, version unchanged
 * (SCIM-152).
 * @throws PlenumError `not_found`, `stale_version`, `duplicate`, `last_owner`, `seats_exhausted`, `forbidden`,
 * `managed_by_identity_provider`.
 */
export const changeMember = useCase(
  "member:write",
  async (tx: Tx, input: MemberChangeInput): Promise<ChangedMember> => {
    const before = input.locked ?? (await lockMemberRow(tx, input.id));
    if (!before) throw notFound("member");
    if (input.ifVersion !== undefined && input.ifVersion !== before.version) {
      throw new PlenumError("stale_version", "the member has changed since", { version: before.version });
    }

    let member: Member = before;
    let seat: SeatOutcome | undefined;
    let release: Suspended["release"];
    for (const change of input.changes) {
      switch (change.kind) {
        case "activate": {
          await release?.();
          release = undefined;
          const activated = await activate(tx, member, change.whenFull);
          member = activated.member;
          seat = activated.seat ?? seat;
          break;
        }
        case "suspend":
          ({ member, release = release } = await suspend(tx, member));
          break;
        case "returnTo":
          if (member.status === "SUSPENDED") {
            member = { ...member, seatSnapshot: await poolsToReturnTo(tx, change.planCode, member.seatSnapshot) };
          }
          break;
        case "grantRole":
          requirePermission(tx, "member:role");
          member = await grantRole(tx, member, change.role);
          break;
        case "manage":
          // An owner is never adopted: who they are would then be the identity provider's word alone.
          member = member.managedBy || member.role === "OWNER" ? member : { ...member, managedBy: change.by };
          break;
        default:
          await requireOwnFields(tx, member, change);
          member = applyProfile(member, change);
      }
    }
    const saved = await save(tx, before, member, { release, reach: input.reach });
    return { member: saved, changed: saved.version !== before.version, ...(seat ? { seat } : {}) };
  },
  "changeMember",
);

interface Saving {
  readonly release: Suspended["release"];
  readonly reach: Role | undefined;
}

async function save(tx: Tx, before: Member, after: Member, { release, reach }: Saving): Promise<Member> {
  const names = differing(before, after);
  const attributes = differingAttributes(before, after);
  if (names.length + attributes.length === 0) return before;

  const email = await keptEmail(tx, before, after, reach);
  const elements = after.values.filter((v) => attributes.includes(v.attribute));
  const personId = await personAfter(tx, before, after, email);
  const member = { ...after, personId, loginEmail: email?.asGiven ?? null };
  const [version] = await Promise.all([
    updateMember(tx, member, { emailNorm: email?.norm ?? null }),
    attributes.length > 0 ? replaceMemberValues(tx, after.id, attributes, elements) : undefined,
    release?.(),
  ]);

  tx.audit({
    action: "member.change",
    target: { kind: "member", id: after.id },
    subjectId: after.id,
    facts: { fields: [...names, ...attributes], member: publicId("member", after.id) },
    before: pick(before, names),
    after: pick(after, names),
  });
  tx.emit({ name: "member.changed", memberId: after.id });
  return { ...member, version, updatedAt: tx.now };
}

// The sign-in address follows the profile, unless another member has it first (ruling c12).
async function keptEmail(tx: Tx, before: Member, after: Member, reach: Role | undefined): Promise<Email | undefined> {
  const email = profileEmail(after);
  if (email?.asGiven === before.loginEmail) return email;
  if (!isAtMost(before.role, reach ?? roleOf(tx.caller))) {
    if (reach === undefined) requireUnmoved(tx, before, email);
    return signInEmail(before);
  }
  if (before.role !== "MEMBER" && wasPutThere(before, email)) return signInEmail(before);
  if (!email) return email;
  const holder = await findByLoginEmail(tx, email.norm);
  return holder && holder.id !== after.id ? undefined : email;
}

// Whoever says where somebody's letters go, and to whom an identity provider's word is held against, could take their
// place: nobody does of those above them. An administrator is refused; what an identity provider sends changes the profile
// and leaves the sign-in address, and no later change of something else makes it theirs, whoever makes that one.
function requireUnmoved(tx: Tx, before: Member, asked: Email | undefined): void {
  const isPerson = tx.caller.kind === "person" || tx.caller.kind === "token";
  if (!isPerson || isSame(profileEmail(before), asked)) return;
  throw new PlenumError("forbidden", "an owner's sign-in address is changed by an owner", {
    field: "email",
    role: "OWNER",
  });
}

// The profile has the address already, and whoever put it there was none who may say where the letters go.
function wasPutThere(before: Member, email: Email | undefined): boolean {
  return isSame(profileEmail(before), email) && !isSame(signInEmail(before), email);
}

const profileEmail = ({ userName, values }: Member) => loginEmailOf(userName, values);
const signInEmail = ({ loginEmail }: Member) => (loginEmail === null ? undefined : readEmail(loginEmail));
const isSame = (a: Email | undefined, b: Email | undefined) => a?.norm === b?.norm;

function differing(before: Member, after: Member): (keyof Member)[] {
  const keys = (Object.keys(after) as (keyof Member)[]).filter((key) => key !== "values");
  return keys.filter((key) => !same(before[key], after[key]));
}

function differingAttributes(before: Member, after: Member): string[] {
  const names = new Set([...before.values, ...after.values].map((v) => v.attribute));
  const of = (member: Member, name: string) => member.values.filter((v) => v.attribute === name);
  return [...names].filter((name) => !same(of(before, name), of(after, name)));
}

function same(a: unknown, b: unknown): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}

function pick(member: Member, names: readonly (keyof Member)[]): Record<string, unknown> {
  return Object.fromEntries(names.map((name) => [name, member[name]]));
}
