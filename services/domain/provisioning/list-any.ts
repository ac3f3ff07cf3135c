import type { GroupId, MemberId } from "../../kernel/ids";
import type { Tx } from "../../platform/unit-of-work";
import { useCase } from "../access";
import { completeMembers } from "./complete-members";
import type { ListQuery, ProvisionedGroup, ProvisionedMember, Provisioner } from "./provisioned";
import { pageOfAny, type AnyQuery } from "./provisioned-any.store";
import { pageOfGroups } from "./provisioned-groups.store";
import { pageOfMembers } from "./provisioned-members.store";

export type { AnyQuery } from "./provisioned-any.store";

/** One page of members and groups in one order; groups without their members. */
export const listProvisionedAny = useCase(
  "member:read",
  async (
    tx: Tx,
    input: { by: Provisioner; query: AnyQuery },
  ): Promise<{ rows: readonly (ProvisionedMember | ProvisionedGroup)[]; total: number }> => {
    const { by, query } = input;
    const { ids, total } = await pageOfAny(tx, query);
    const members = ids.flatMap((it) => (it.kind === "MEMBER" ? [it.id] : []));
    const groups = ids.flatMap((it) => (it.kind === "GROUP" ? [it.id] : []));
    const found = new Map<string, ProvisionedMember | ProvisionedGroup>();
    for (const row of await membersOf(tx, by, members)) found.set(row.id, row);
    for (const row of await groupsOf(tx, by, groups)) found.set(row.id, row);
    return { rows: ids.flatMap(({ id }) => found.get(id) ?? []), total };
  },
  "listProvisionedAny",
);

const among = (ids: readonly string[]): ListQuery => ({
  where: "m.id = any ($2::uuid[])",
  keyset: "true",
  orderBy: "m.id",
  sortValue: "null",
  values: [ids],
  limit: ids.length,
  offset: 0,
});

async function membersOf(tx: Tx, by: Provisioner, ids: readonly MemberId[]): Promise<ProvisionedMember[]> {
  if (ids.length === 0) return [];
  return completeMembers(tx, by, await pageOfMembers(tx, by.connectionId, among(ids), "direct"));
}

async function groupsOf(tx: Tx, by: Provisioner, ids: readonly GroupId[]): Promise<ProvisionedGroup[]> {
  return ids.length === 0 ? [] : pageOfGroups(tx, by.connectionId, among(ids), "none");
}
