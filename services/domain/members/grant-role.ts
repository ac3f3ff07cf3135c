import { PlenumError } from "../../kernel/errors";
import type { Role } from "../../platform/caller";
import type { Tx } from "../../platform/unit-of-work";
import { moveOwnerCount } from "../organizations";
import { requireRole } from "./add-member";
import type { Member } from "./member";

/**
 * Gives a member another role. Making or unmaking an owner needs an owner; the counter on the organization is moved by
 * one conditional update, so that two owners cannot demote each other (ruling 8).
 * @throws PlenumError `forbidden`, `last_owner`, `member_not_active`.
 */
export async function grantRole(tx: Tx, member: Member, role: Role): Promise<Member> {
  if (member.role === role) return member;
  requireRole(tx, role);
  if (member.role === "OWNER") requireRole(tx, "OWNER");
  if (role === "OWNER" && member.status !== "ACTIVE") {
    throw new PlenumError("member_not_active", "an owner is an active member", { status: member.status });
  }

  if (role === "OWNER") await moveOwnerCount(tx, 1);
  if (member.role === "OWNER") await moveOwnerCount(tx, -1);

  tx.emit({ name: "member.role_changed", memberId: member.id });
  return { ...member, role };
}
