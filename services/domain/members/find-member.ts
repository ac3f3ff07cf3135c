import { notFound } from "../../kernel/errors";
import type { MemberId } from "../../kernel/ids";
import type { Tx } from "../../platform/unit-of-work";
import { requirePermission } from "../access";
import type { Member } from "./member";
import { findMemberRow } from "./members.store";

/** @throws PlenumError `not_found` for unknown, removed and foreign members alike (SCIM-013). */
export async function getMember(tx: Tx, id: MemberId): Promise<Member> {
  requirePermission(tx, "member:read");
  const member = await findMemberRow(tx, id);
  if (!member) throw notFound("member");
  return member;
}
