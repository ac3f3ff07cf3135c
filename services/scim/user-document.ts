import { publicId } from "../kernel/ids";
import { profileColumns, type Member, type MemberProfile, type MemberValue } from "../domain/members";
import type { MemberRow, ProvisionedMember } from "../domain/provisioning";
import type { Stored } from "./attributes/attribute";
import { placesOf, userType, type Place } from "./attributes/registry";
import { showInstant } from "./instants";
import { enterpriseUser, plenumUser } from "./urns";
import type { Complex, Simple, Value, Values } from "./values";
import { versionTag } from "./versions";

/** Properties of the profile by the column that the attribute table names. */
export const propertyOfColumn: ReadonlyMap<string, keyof MemberProfile> = new Map(
  (Object.keys(profileColumns) as (keyof MemberProfile)[]).map((property) => [profileColumns[property], property]),
);

/** What is stored of a member and can be written, by attribute: what PATCH and PUT start from. */
export function storedUser(member: MemberRow): Values {
  const values = new Map<string, Value>();
  for (const place of placesOf(userType)) {
    const value = storedValue(member, place);
    if (value !== undefined) values.set(place.key, value);
  }
  return values;
}

function storedValue(member: MemberRow, place: Place): Value | undefined {
  const { attribute } = place;
  switch (attribute.stored.in) {
    case "parts":
      return attribute.mutability === "readOnly" ? undefined : partsOf(member, place);
    case "rows":
      return elementsOfMember(member, attribute.name);
    case "computed":
      return attribute.mutability === "readOnly" ? undefined : states[attribute.stored.fact]?.(member);
    default:
      return single(member, attribute.stored);
  }
}

function single(member: MemberRow, stored: Stored): Value | undefined {
  switch (stored.in) {
    case "column": {
      const property = propertyOfColumn.get(stored.column);
      return property === undefined ? undefined : (member[property] ?? undefined);
    }
    case "rest":
      return (member.scimRest[stored.key] as Value | null | undefined) ?? undefined;
    case "link":
      return member.externalId ?? undefined;
    default:
      return undefined;
  }
}

function partsOf(member: MemberRow, { attribute }: Place): Complex | undefined {
  const parts = (attribute.subAttributes ?? []).flatMap((sub) => {
    const value = single(member, sub.stored);
    return value === undefined ? [] : [[sub.name, value as Simple] as const];
  });
  return parts.length === 0 ? undefined : Object.fromEntries(parts);
}

function elementsOfMember(member: Member, attribute: string): readonly Complex[] | undefined {
  if (member.values.length === 0) return undefined;
  const rows = member.values.filter((row) => row.attribute === attribute);
  return rows.length === 0 ? undefined : rows.map(elementOf);
}

function elementOf({ type, value, primary, detail }: MemberValue): Complex {
  return {
    ...((detail ?? {}) as Complex),
    ...(value === null ? {} : { value }),
    ...(type === null ? {} : { type }),
    ...(primary ? { primary } : {}),
  };
}

// The states that a client may set: they have verbs of their own, not columns.
const states: Readonly<Record<string, (member: MemberRow) => Value | undefined>> = {
  active: ({ status }) => status === "INVITED" || status === "ACTIVE",
  licence: ({ planCode }) => planCode ?? undefined,
  role: ({ role }) => role.toLowerCase(),
};

/** Everything that is shown of a member: what is stored, what follows from it, and what other modules know. */
export function shownUser(member: ProvisionedMember, baseUrl: string): Values {
  const values = new Map(storedUser(member));
  const set = (key: string, value: Value | undefined) => value !== undefined && values.set(key, value);
  const id = publicId("member", member.id);
  set("id", id);
  set("name", withFormatted(values));
  set("groups", groupsOf(member, baseUrl));
  set(`${enterpriseUser}:manager`, managerOf(member, baseUrl));
  set(`${plenumUser}:seatStatus`, member.planCode !== null ? "assigned" : member.isWaiting ? "waiting" : "none");
  set(`${plenumUser}:managedBy`, member.managedByName ?? "local");
  set(
    `${plenumUser}:invitationStatus`,
    member.status === "INVITED" ? "pending" : member.hasAccepted ? "accepted" : "none",
  );
  set("meta", {
    resourceType: userType.name,
    created: showInstant(member.createdAt),
    lastModified: showInstant(member.updatedAt),
    location: `${baseUrl}${userType.endpoint}/${id}`,
    version: versionTag(member.version),
  });
  return values;
}

/**
 * The whole name, made from its parts or else from the display name when the client did not give it (SCIM-061): Okta
 * wants a name on every User (SCIM-OK01). The fact `formattedName` says the same in SQL.
 */
export function formattedOf(values: Values): string | undefined {
  const name = (values.get("name") ?? {}) as Complex;
  const parts = [name["givenName"], name["middleName"], name["familyName"]].filter(Boolean);
  const displayName = values.get("displayName");
  if (parts.length > 0) return parts.join(" ");
  return typeof displayName === "string" && displayName !== "" ? displayName : undefined;
}

function withFormatted(values: Values): Complex | undefined {
  const name = values.get("name") as Complex | undefined;
  const formatted = name?.["formatted"] ?? formattedOf(values);
  return formatted === undefined ? name : { ...name, formatted };
}

function groupsOf({ groups }: ProvisionedMember, baseUrl: string): readonly Complex[] | undefined {
  return groups?.map(({ id, displayName, direct }) => {
    const value = publicId("group", id);
    return { value, $ref: `${baseUrl}/Groups/${value}`, display: displayName, type: direct ? "direct" : "indirect" };
  });
}

function managerOf({ managerRef, manager }: ProvisionedMember, baseUrl: string): Complex | undefined {
  if (managerRef === null) return undefined;
  if (!manager) return { value: managerRef };
  return { value: managerRef, $ref: `${baseUrl}${userType.endpoint}/${managerRef}`, displayName: manager.name };
}
