import { notFound } from "../../kernel/errors";
import { readId, type ConnectionId, type GroupId, type MemberId } from "../../kernel/ids";
import type { Tx } from "../../platform/unit-of-work";
import { useCase } from "../access";
import type { GroupsAsked, ListQuery, Listed, ProvisionedGroup, ProvisionedMember } from "./provisioned";
import { countGroups, findProvisionedGroupRow, pageOfGroups } from "./provisioned-groups.store";
import {
  countMembers,
  findManagers,
  findProvisionedRow,
  lockProvisionedRow,
  pageOfMembers,
} from "./provisioned-members.store";

/** @throws PlenumError `not_found` for unknown, removed and foreign members alike (SCIM-013). */
export const findProvisionedMember = useCase(
  "member:read",
  async (
    tx: Tx,
    input: { connectionId: ConnectionId; id: MemberId; groups: GroupsAsked },
  ): Promise<ProvisionedMember> => {
    const member = await findProvisionedRow(tx, input.connectionId, input.id, input.groups);
    if (!member) throw notFound("User");
    const [known] = await withManagers(tx, [member]);
    return known ?? member;
  },
  "findProvisionedMember",
);

/** The same, locked until the unit of work ends: what is decided on it stays true. Without groups and manager. */
export const lockProvisionedMember = useCase(
  "member:write",
  async (tx: Tx, input: { connectionId: ConnectionId; id: MemberId }): Promise<ProvisionedMember> => {
    const member = await lockProvisionedRow(tx, input.connectionId, input.id);
    if (!member) throw notFound("User");
    return member;
  },
  "lockProvisionedMember",
);

/** One page of the members that a condition chooses, and how many it chooses in all. */
export const listProvisionedMembers = useCase(
  "member:read",
  async (
    tx: Tx,
    input: { connectionId: ConnectionId; query: ListQuery; groups: GroupsAsked },
  ): Promise<Listed<ProvisionedMember>> => {
    const { connectionId, query, groups } = input;
    const page = query.limit === 0 ? [] : await pageOfMembers(tx, connectionId, query, groups);
    const rows = await withManagers(tx, page);
    return { rows, total: totalOf(query, rows.length) ?? (await countMembers(tx, query)) };
  },
  "listProvisionedMembers",
);

/** @throws PlenumError `not_found`. */
export const findProvisionedGroup = useCase(
  "group:read",
  async (
    tx: Tx,
    input: { connectionId: ConnectionId; id: GroupId; withMembers: boolean },
  ): Promise<ProvisionedGroup> => {
    const group = await findProvisionedGroupRow(tx, input.connectionId, input.id, input.withMembers);
    if (!group) throw notFound("Group");
    return group;
  },
  "findProvisionedGroup",
);

/** One page of groups; those with more members than `membersMax` come without them. */
export const listProvisionedGroups = useCase(
  "group:read",
  async (
    tx: Tx,
    input: { connectionId: ConnectionId; query: ListQuery; membersMax: number | "none" },
  ): Promise<Listed<ProvisionedGroup>> => {
    const { connectionId, query, membersMax } = input;
    const rows = query.limit === 0 ? [] : await pageOfGroups(tx, connectionId, query, membersMax);
    return { rows, total: totalOf(query, rows.length) ?? (await countGroups(tx, query)) };
  },
  "listProvisionedGroups",
);

/** A page that is not full tells the total by itself, so that a look-up by name needs no count. */
function totalOf({ limit, offset }: ListQuery, rows: number): number | undefined {
  return rows < limit && (rows > 0 || offset === 0) ? offset + rows : undefined;
}

async function withManagers(tx: Tx, members: readonly ProvisionedMember[]): Promise<readonly ProvisionedMember[]> {
  const idOf = ({ managerRef }: ProvisionedMember) => {
    const id = managerRef === null ? undefined : readId(managerRef);
    return id?.kind === "member" ? (id.id as MemberId) : undefined;
  };
  const ids = [...new Set(members.map(idOf).filter((id) => id !== undefined))];
  if (ids.length === 0) return members;
  const managers = new Map((await findManagers(tx, ids)).map((manager) => [manager.id, manager]));
  return members.map((member) => {
    const id = idOf(member);
    return { ...member, manager: (id && managers.get(id)) ?? null };
  });
}
