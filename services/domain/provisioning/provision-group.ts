import type { GroupId } from "../../kernel/ids";
import type { Tx } from "../../platform/unit-of-work";
import { useCase } from "../access";
import {
  addGroup,
  changeGroup,
  publicChildId,
  removeGroup,
  type GroupChange,
  type GroupChild,
  type LicenceLost,
  type NewGroup,
} from "../groups";
import { forgetLinks, markSeen, nameLink, touchResource } from "./links.store";
import type { Provisioner } from "./provisioned";
import { watchDeprovisioning } from "./watch-deprovisioning";

export interface ProvisionedGroupOutcome {
  readonly id: GroupId;
  readonly version: string;
  readonly warnings: readonly string[];
}

interface Named {
  readonly by: Provisioner;
  /** Null clears, absent keeps. */
  readonly externalId?: string | null;
}

/** Adds a group on behalf of an identity provider, its members in the same transaction (SCIM-096). */
export const provisionGroup = useCase(
  "group:write",
  async (tx: Tx, input: NewGroup & Named): Promise<ProvisionedGroupOutcome> => {
    const { by, externalId = null, ...group } = input;
    const added = await addGroup(tx, { ...group, managedBy: by.connectionId });
    const { id, version } = added.group;
    const shared = await rememberName(tx, by, id, externalId);
    return { id, version, warnings: [...unknownWarnings(added.unknown), ...shared] };
  },
  "provisionGroup",
);

/** Changes a group on behalf of an identity provider. */
export const changeProvisionedGroup = useCase(
  "group:write",
  async (
    tx: Tx,
    input: GroupChange & Named & { readonly externalIdBefore: string | null },
  ): Promise<ProvisionedGroupOutcome> => {
    const { by, externalId, externalIdBefore, ...change } = input;
    const { group, changed, unknown, rules } = await changeGroup(tx, { ...change, managedBy: by.connectionId });
    const renamed = externalId !== undefined && externalId !== externalIdBefore;
    const shared = await rememberName(tx, by, group.id, renamed ? externalId : undefined);
    if (renamed && !changed) await touchResource(tx, "GROUP", group.id);
    const version = renamed && !changed ? String(BigInt(group.version) + 1n) : group.version;
    await watchLost(tx, by, group.id, rules.lost);
    return { id: group.id, version, warnings: [...unknownWarnings(unknown), ...shared, ...rules.warnings] };
  },
  "changeProvisionedGroup",
);

/** @throws PlenumError `not_found`, `stale_version`, `mass_deprovision_guard`. */
export const deprovisionGroup = useCase(
  "group:write",
  async (tx: Tx, input: { by: Provisioner; id: GroupId; ifVersion?: string }): Promise<void> => {
    const { by, ...removal } = input;
    const { lost } = await removeGroup(tx, removal);
    await forgetLinks(tx, "GROUP", input.id);
    await watchLost(tx, by, input.id, lost);
  },
  "deprovisionGroup",
);

/** Whoever loses the licence that a group gave has left, to the guard (SCIM-190). */
async function watchLost(tx: Tx, by: Provisioner, group: GroupId, lost: readonly LicenceLost[]): Promise<void> {
  const leaving = lost.map(({ memberId, status, role, addedBy }) => {
    const adders = addedBy ? { [group]: addedBy } : {};
    return { memberId, before: { status, role, pools: [], groups: [group], addedBy: adders, links: [] } };
  });
  await watchDeprovisioning(tx, by.connectionId, leaving);
}

async function rememberName(
  tx: Tx,
  { connectionId }: Provisioner,
  id: GroupId,
  externalId: string | null | undefined,
): Promise<string[]> {
  const link = { connectionId, kind: "GROUP", resourceId: id } as const;
  if (externalId === undefined) await markSeen(tx, link);
  const shared = externalId !== undefined && (await nameLink(tx, link, externalId)) && externalId !== null;
  return shared ? ["another resource of this connection has the same externalId"] : [];
}

function unknownWarnings(unknown: readonly GroupChild[]): string[] {
  return unknown.map((child) => `members: this organization has no ${publicChildId(child)}; left out`);
}
