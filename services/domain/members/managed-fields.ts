import { PlenumError } from "../../kernel/errors";
import type { Tx } from "../../platform/unit-of-work";
import { findManagedFields } from "./managed-fields.store";
import type { Member, MemberProfile } from "./member";
import type { MemberChange } from "./member-change";

/**
 * What an identity provider holds of a member is not changed by hand here: the next sync would take it back without a
 * word (SCIM-191). Writing what stands there already is no change. The operator and the provider itself are free.
 * @throws PlenumError `managed_by_identity_provider` naming the field and the connection.
 */
export async function requireOwnFields(tx: Tx, member: Member, change: MemberChange): Promise<void> {
  if (tx.caller.kind !== "person" && tx.caller.kind !== "token") return;
  if (member.managedBy === null || change.kind !== "profile") return;
  const set: Partial<MemberProfile> = change.set;
  const changed = (Object.keys(set) as (keyof MemberProfile)[]).filter((name) => set[name] !== member[name]);
  if (changed.length === 0) return;
  const held = await findManagedFields(tx, member.managedBy);
  const field = changed.find((name) => held?.fields.includes(name));
  if (held === undefined || field === undefined) return;
  throw new PlenumError(
    "managed_by_identity_provider",
    `${field}: “${held.connection}” manages this; change it there`,
    {
      field,
      connection: held.connection,
      fields: held.fields,
    },
  );
}
