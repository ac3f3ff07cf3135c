import { notFound } from "../../kernel/errors";
import type { ConnectionId, GroupId, MemberId } from "../../kernel/ids";
import type { Tx } from "../../platform/unit-of-work";
import { useCase } from "../access";
import { completeMembers } from "./complete-members";
import type {
  ChildOfGroup,
  GroupsAsked,
  ListQuery,
  Listed,
  ProvisionedGroup,
  ProvisionedMember,
  Provisioner,
} from "./provisioned";
import { countGroups, findProvisionedGroupRow, pageOfGroups, walkChildren } from "./provisioned-groups.store";
import {
  countMembers,
  findProvisionedRow,
  lockProvisionedRow,
  pageOfMembers,
  type MemberRow,
} from "./provisioned-members.store";

/** @throws PlenumError `not_found` for unknown, removed and foreign members alike (SCIM-013). */
export const findProvisionedMember = useCase(
  "member:read",
  async (tx: Tx, input: { by: Provisioner; id: MemberId; groups: GroupsAsked }): Promise<ProvisionedMember> => {
    const row = await findProvisionedRow(tx, input.by.connectionId, input.id, input.groups);
    const [member] = row ? await completeMembers(tx, input.by, [row]) : [];
    if (!member) throw notFound("User");
    return member;
  },
  "findProvisionedMember",
);

/** The same, locked until the unit of work ends: what is decided on it stays true. Without what few members have. */
export const lockProvisionedMember = useCase(
  "member:write",
  async (tx: Tx, input: { by: Provisioner; id: MemberId; groups?: GroupsAsked }): Promise<MemberRow> => {
    const member = await lockProvisionedRow(tx, input.by.connectionId, input.id, input.groups ?? "none");
    if (!member) throw notFound("User");
    return member;
  },
  "lockProvisionedMember",
);

/** Completes a row that is known already, so that it can be shown. */
export async function showProvisionedMember(tx: Tx, by: Provisioner, row: MemberRow): Promise<ProvisionedMember> {
  const [member] = await completeMembers(tx, by, [row]);
  return member as ProvisionedMember;
}

/** One page of the members that a condition chooses, and how many it chooses in all. */
export const listProvisionedMembers = useCase(
  "member:read",
  async (
    tx: Tx,
    input: { by: Provisioner; query: ListQuery; groups: GroupsAsked },
  ): Promise<Listed<ProvisionedMember>> => {
    const { by, query, groups } = input;
    const page = query.limit === 0 ? [] : await pageOfMembers(tx, by.connectionId, query, groups);
    const rows = await completeMembers(tx, by, page);
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

/** The members of a group that was found without them because they are many, part by part (SCIM-104). */
export const walkGroupMembers = useCase(
  "group:read",
  async (tx: Tx, input: { id: GroupId; each: (children: readonly ChildOfGroup[]) => void }): Promise<void> =>
    walkChildren(tx, input.id, input.each),
  "walkGroupMembers",
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
function totalOf({ limit, offset, keyset }: ListQuery, rows: number): number | undefined {
  return keyset === "true" && rows < limit && (rows > 0 || offset === 0) ? offset + rows : undefined;
}
