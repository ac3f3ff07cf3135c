import { publicId, readId, type GroupId, type MemberId } from "../kernel/ids";
import { publicChildId, type GroupChild } from "../domain/groups";
import type { ChildOfGroup, ProvisionedGroup } from "../domain/provisioning";
import { groupType } from "./attributes/registry";
import { showInstant } from "./instants";
import { invalidValue, shown } from "./refusal";
import { plenumGroup } from "./urns";
import type { Complex, Value, Values } from "./values";
import { versionTag } from "./versions";
import type { MemberName } from "./patch/members-step";

/** What is stored of a group and can be written; who belongs to it is not loaded for that. */
export function storedGroup({ displayName, externalId }: ProvisionedGroup): Values {
  const values = new Map<string, Value>([["displayName", displayName]]);
  if (externalId !== null) values.set("externalId", externalId);
  return values;
}

/** Everything that is shown of a group. */
export function shownGroup(group: ProvisionedGroup, baseUrl: string): Values {
  const id = publicId("group", group.id);
  const values = new Map<string, Value>([
    ...storedGroup(group),
    ["id", id],
    [`${plenumGroup}:kind`, group.kind],
    [`${plenumGroup}:memberCount`, group.memberCount],
  ]);
  if (group.members)
    values.set(
      "members",
      group.members.map((child) => memberOf(child, baseUrl)),
    );
  values.set("meta", {
    resourceType: groupType.name,
    created: showInstant(group.createdAt),
    lastModified: showInstant(group.updatedAt),
    location: `${baseUrl}${groupType.endpoint}/${id}`,
    version: versionTag(group.version),
  });
  return values;
}

/** A member of a group as it is shown. */
export function memberOf({ kind, id, display }: ChildOfGroup, baseUrl: string): Complex {
  const value = publicChildId({ kind, id } as GroupChild);
  const [type, endpoint] = kind === "MEMBER" ? ["User", "Users"] : ["Group", "Groups"];
  return { value, $ref: `${baseUrl}/${endpoint}/${value}`, type, display };
}

/** Ids that a client names as members, told apart by what can be one and what cannot. */
export interface NamedChildren {
  readonly children: readonly GroupChild[];
  /** Texts that are no id of ours: nobody has them. */
  readonly strangers: readonly string[];
}

/**
 * Reads the names of members.
 * @throws ScimRefusal `invalidValue` where the given type is another than the id's (SCIM-065).
 */
export function readChildren(names: readonly MemberName[]): NamedChildren {
  const children: GroupChild[] = [];
  const strangers: string[] = [];
  for (const { value, type } of names) {
    const id = readId(value);
    if (id?.kind === "member") children.push({ kind: "MEMBER", id: id.id as MemberId });
    else if (id?.kind === "group") children.push({ kind: "GROUP", id: id.id as GroupId });
    else strangers.push(value);
    const actual = id?.kind === "member" ? "User" : id?.kind === "group" ? "Group" : undefined;
    if (actual !== undefined && type !== undefined && type.toLowerCase() !== actual.toLowerCase()) {
      throw invalidValue(`members: ${value} is a ${actual}, its type is given as ${shown(type)}`);
    }
  }
  return { children, strangers };
}
