import type { Member, MemberProfile } from "./member";

/** Profile properties and the columns that hold them: the one list behind reading, inserting and updating. */
export const profileColumns: { readonly [P in keyof MemberProfile]: string } = {
  userName: "user_name",
  formattedName: "formatted_name",
  familyName: "family_name",
  givenName: "given_name",
  middleName: "middle_name",
  honorificPrefix: "honorific_prefix",
  honorificSuffix: "honorific_suffix",
  displayName: "display_name",
  title: "title",
  preferredLanguage: "preferred_language",
  locale: "locale",
  timeZone: "time_zone",
  employeeNumber: "employee_number",
  costCenter: "cost_center",
  organizationName: "organization_name",
  division: "division",
  department: "department",
  managerRef: "manager_ref",
};

const stateColumns: { readonly [P in Exclude<keyof Member, keyof MemberProfile | "values">]: string } = {
  orgId: "org_id",
  id: "id",
  personId: "person_id",
  status: "status",
  role: "role",
  origin: "origin",
  loginEmail: "login_email",
  scimRest: "scim_rest",
  managedBy: "managed_by",
  freePlace: "free_place",
  seatSnapshot: "seat_snapshot",
  joinedAt: "joined_at",
  suspendedAt: "suspended_at",
  removedAt: "removed_at",
  createdAt: "created_at",
  updatedAt: "updated_at",
  version: "version",
};

/** The properties of the profile, in the order of the columns. */
export const profileKeys = Object.keys(profileColumns) as (keyof MemberProfile)[];

/** The elements of all multi-valued attributes as one JSON array, in their order. */
export const valuesOfMember = `coalesce((
    select jsonb_agg(jsonb_build_object('attribute', v.attribute, 'type', v.type, 'value', v.value,
                                        'primary', v.is_primary, 'detail', v.detail) order by v.attribute, v.ordinal)
    from member_value v where v.org_id = m.org_id and v.member_id = m.id), '[]') as values`;

/** The select list of a whole member, from `member m`. */
export const memberColumns = [
  ...Object.entries({ ...stateColumns, ...profileColumns }).map(([property, column]) => `m.${column} as "${property}"`),
  valuesOfMember,
].join(", ");
