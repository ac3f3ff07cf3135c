import type { MemberChange, MemberProfile, MemberValue } from "../domain/members";
import { placesOf, userType, type Place } from "./attributes/registry";
import { formattedOf, propertyOfColumn } from "./user-document";
import { plenumUser } from "./urns";
import { elementsOf, isComplex, sameValue, simplesOf, type Complex, type Value, type Values } from "./values";

/** What a write comes to, in the domain's words. */
export interface UserChanges {
  readonly changes: readonly MemberChange[];
  /** Null clears, absent keeps. */
  readonly externalId?: string | null;
  readonly roles?: { readonly before: readonly string[]; readonly after: readonly string[] };
  readonly licence?: string;
  /** Codes of options before and after, where they differ. */
  readonly options?: { readonly before: readonly string[]; readonly after: readonly string[] };
  /** Attributes that differ, for the provisioning log. */
  readonly names: readonly string[];
}

/** The difference between what a member is and what it shall be; empty when nothing is effective (SCIM-152). */
export function changesOf(before: Values, after: Values): UserChanges {
  const places = placesOf(userType).filter(({ attribute, key }) => {
    return attribute.mutability !== "readOnly" && !sameValue(before.get(key), after.get(key));
  });
  const profile: { -readonly [P in keyof MemberProfile]?: MemberProfile[P] } = {};
  const rest: Record<string, unknown> = {};
  for (const place of places) noteColumns(place, after, profile, rest);
  const lists = places.filter(({ attribute }) => attribute.stored.in === "rows").map(({ attribute }) => attribute.name);
  const values = lists.flatMap((name) => rowsOf(name, after.get(name)));
  const named = new Set(places.map(({ key }) => key));

  const changes: MemberChange[] = [];
  if (Object.keys(profile).length > 0) changes.push({ kind: "profile", set: profile });
  if (lists.length > 0) changes.push({ kind: "values", attributes: lists, values });
  if (Object.keys(rest).length > 0) changes.push({ kind: "rest", set: rest });
  // An unassigned `active` says nothing about the member's state.
  if (named.has("active") && after.has("active"))
    changes.push({ kind: after.get("active") === true ? "activate" : "suspend" });
  return { changes, names: [...named], ...outside(named, before, after) };
}

/** The profile that a new member gets: what a change from nothing would set. */
export function profileOf(after: Values): { userName: string } & Partial<MemberProfile> {
  const profile = changesOf(new Map(), after).changes.find((change) => change.kind === "profile");
  return { userName: "", ...profile?.set };
}

type MutableProfile = { -readonly [P in keyof MemberProfile]?: MemberProfile[P] };

function noteColumns(
  { attribute, key }: Place,
  after: Values,
  profile: MutableProfile,
  rest: Record<string, unknown>,
): void {
  const value = after.get(key);
  if (attribute.stored.in === "rest") rest[attribute.stored.key] = value ?? null;
  if (attribute.stored.in === "column") setColumn(profile, attribute.stored.column, value);
  if (attribute.stored.in !== "parts") return;
  for (const sub of attribute.subAttributes ?? []) {
    const part = isComplex(value) ? value[sub.name] : undefined;
    if (sub.stored.in === "column") setColumn(profile, sub.stored.column, part);
  }
}

function setColumn(profile: MutableProfile, column: string, value: Value | undefined): void {
  const property = propertyOfColumn.get(column);
  if (property === undefined) return;
  // Only userName may not be cleared, and it is required.
  if (typeof value === "string") profile[property] = value;
  else if (property !== "userName") profile[property] = null;
}

/** The elements of one list as rows. `primary: false` that was given is kept, so that it comes back. */
export function rowsOf(attribute: string, value: Value | undefined): MemberValue[] {
  return elementsOf(value).map(({ type, value: text, primary, ...others }) => {
    const detail: Record<string, unknown> = { ...others, ...(primary === false ? { primary } : {}) };
    return {
      attribute,
      type: typeof type === "string" ? type : null,
      value: typeof text === "string" ? text : null,
      primary: primary === true,
      detail: Object.keys(detail).length === 0 ? null : detail,
    };
  });
}

function outside(
  named: ReadonlySet<string>,
  before: Values,
  after: Values,
): Pick<UserChanges, "externalId" | "roles" | "licence" | "options"> {
  const externalId = after.get("externalId");
  const licence = after.get(licenceKey);
  const rolesChanged = named.has("roles") || named.has(roleKey);
  return {
    ...(named.has("externalId") ? { externalId: typeof externalId === "string" ? externalId : null } : {}),
    ...(rolesChanged ? { roles: { before: roleNames(before, named), after: roleNames(after, named) } } : {}),
    // Clearing the licence is no wish for another one: a seat is given back by deactivating.
    ...(named.has(licenceKey) && typeof licence === "string" ? { licence } : {}),
    ...(named.has(optionsKey) ? { options: { before: optionCodes(before), after: optionCodes(after) } } : {}),
  };
}

const licenceKey = `${plenumUser}:licence`;
const optionsKey = `${plenumUser}:licenceOptions`;

/** The codes of options that a resource names (SCIM-063). */
export function optionCodes(values: Values): string[] {
  return simplesOf(values.get(optionsKey)).filter((code) => typeof code === "string");
}
const roleKey = `${plenumUser}:role`;

/** The roles that a resource names: the shortcut where it was written, else the list (SCIM-186). */
export function roleNames(values: Values, named: ReadonlySet<string>): string[] {
  const shortcut = values.get(roleKey);
  if (named.has(roleKey)) return typeof shortcut === "string" ? [shortcut] : [];
  const list = values.get("roles");
  return [...elementsOf(list).map((role) => role["value"]), ...simplesOf(list)].filter(
    (name) => typeof name === "string",
  );
}

/**
 * A name that a client read and sends back: the whole name that we made from the parts is no wish to fix it, not even
 * when the parts around it change (SCIM-143).
 */
export function withoutEchoedName(before: Values, after: Values): Values {
  const name = after.get("name");
  const stored = before.get("name");
  const derived = isComplex(stored) && stored["formatted"] !== undefined ? undefined : formattedOf(before);
  if (!isComplex(name) || derived === undefined || name["formatted"] !== derived) return after;
  const { formatted: _echoed, ...parts }: Complex = name;
  const others = [...after].filter(([key]) => key !== "name");
  return new Map(Object.keys(parts).length === 0 ? others : [...others, ["name", parts]]);
}
