/**
 * What differs between identity providers, as data (SCIM-001, SCIM-002, ruling a18). Whatever is not in this table is
 * the same for everybody. A connection stores the name of a preset and its own deviations from it.
 */
export interface Dialect {
  /** "True" and "False" become booleans, "5" an integer. */
  readonly coerceScalars: boolean;
  /** `replace` on a value filter that matches nothing. */
  readonly replaceNoMatch: "create" | "refuse";
  /** `remove` on a value filter that matches nothing; `members` always succeeds. */
  readonly removeNoMatch: "ignore" | "refuse";
  readonly pathlessPatch: "allow" | "refuse";
  /** Path-like keys in a path-less value. */
  readonly dottedKeys: "allow" | "refuse";
  readonly emptyOperations: "ignore" | "refuse";
  /** A member id that does not exist in the organization. */
  readonly unknownMembers: "ignore" | "refuse";
  readonly unknownAttributes: "ignore" | "refuse";
  /** An explicit PATCH path to an attribute that nobody knows (SCIM-154 against SCIM-EN29). */
  readonly unknownPaths: "ignore" | "refuse";
  /** A manager as plain string, a role as JSON text, a list around a single value. */
  readonly scalarForComplex: boolean;
  readonly missingSchemas: "assume" | "refuse";
  /** The body `{"members":[{"value","operation"}]}` of SCIM 1.1. */
  readonly scim1Patch: boolean;
  /** A token without `Bearer ` before it. */
  readonly rawAuthorization: boolean;
  /** `connectionId:token` as Basic credentials. */
  readonly basicAuth: boolean;
  readonly patchResponse: "200" | "204" | "auto";
  /** A JSON body without Content-Type. */
  readonly noContentType: "allow" | "refuse";
  /** `""` means unassigned. */
  readonly emptyStringClears: boolean;
  /** A listed group with more members is listed without them. */
  readonly memberPageGuard: number;
  /** `active eq True` in a filter. */
  readonly bareWords: boolean;
  /** `remove` without path, its targets in the value. */
  readonly pathlessRemove: "allow" | "refuse";
  /** Of two elements of one type the last wins: Entra addresses elements by type. */
  readonly oneValuePerType: boolean;
  /** More than one `primary: true`: the first stays, or the request is refused. */
  readonly secondPrimary: "demote" | "refuse";
  /** An external reference that is no absolute URI. */
  readonly looseReferences: boolean;
  /** `replace` of a complex attribute keeps the sub-attributes that the value does not name. */
  readonly complexReplace: "merge" | "whole";
  /** Schemas under which roles and entitlements are listed. */
  readonly catalogueSchemas: "draft" | "okta";
  /** Other names for attributes in filters, e.g. email for emails.value. */
  readonly attributeAliases: Readonly<Record<string, string>>;
}

const tolerant: Dialect = {
  coerceScalars: true,
  replaceNoMatch: "create",
  removeNoMatch: "ignore",
  pathlessPatch: "allow",
  dottedKeys: "allow",
  emptyOperations: "ignore",
  unknownMembers: "refuse",
  unknownAttributes: "ignore",
  unknownPaths: "refuse",
  scalarForComplex: true,
  missingSchemas: "assume",
  scim1Patch: false,
  rawAuthorization: true,
  basicAuth: false,
  patchResponse: "auto",
  noContentType: "allow",
  emptyStringClears: true,
  memberPageGuard: 5_000,
  bareWords: true,
  pathlessRemove: "allow",
  oneValuePerType: false,
  secondPrimary: "demote",
  looseReferences: true,
  complexReplace: "merge",
  catalogueSchemas: "draft",
  attributeAliases: {},
};

const strict: Dialect = {
  ...tolerant,
  coerceScalars: false,
  replaceNoMatch: "refuse",
  removeNoMatch: "refuse",
  emptyOperations: "refuse",
  scalarForComplex: false,
  missingSchemas: "refuse",
  rawAuthorization: false,
  patchResponse: "200",
  noContentType: "refuse",
  emptyStringClears: false,
  memberPageGuard: Number.POSITIVE_INFINITY,
  bareWords: false,
  pathlessRemove: "refuse",
  secondPrimary: "refuse",
  looseReferences: false,
};

export const presets = {
  strict,
  tolerant,
  entra: { ...tolerant, unknownPaths: "ignore", oneValuePerType: true },
  okta: { ...tolerant, unknownMembers: "ignore", catalogueSchemas: "okta" },
  onelogin: { ...tolerant, unknownMembers: "ignore", scim1Patch: true, patchResponse: "200" },
  ping: { ...tolerant, patchResponse: "200" },
  interop: {
    ...strict,
    pathlessPatch: "refuse",
    dottedKeys: "refuse",
    unknownAttributes: "refuse",
    memberPageGuard: tolerant.memberPageGuard,
    complexReplace: "whole",
  },
} as const satisfies Record<string, Dialect>;

export type Preset = keyof typeof presets;

export function isPreset(name: string): name is Preset {
  return Object.hasOwn(presets, name);
}

/**
 * The dialect of a connection: its preset with its own deviations. What is stored there and does not fit a switch of
 * this table is left out, so that a switch that was renamed cannot break a connection.
 */
export function dialectOf(preset: string, switches: Readonly<Record<string, unknown>> = {}): Dialect {
  const base: Dialect = isPreset(preset) ? presets[preset] : tolerant;
  const fitting = Object.entries(switches).filter(([name, value]) => fits(name, value));
  return { ...base, ...Object.fromEntries(fitting) };
}

const choices: Partial<Record<keyof Dialect, readonly string[]>> = {
  replaceNoMatch: ["create", "refuse"],
  removeNoMatch: ["ignore", "refuse"],
  pathlessPatch: ["allow", "refuse"],
  dottedKeys: ["allow", "refuse"],
  emptyOperations: ["ignore", "refuse"],
  unknownMembers: ["ignore", "refuse"],
  unknownAttributes: ["ignore", "refuse"],
  unknownPaths: ["ignore", "refuse"],
  missingSchemas: ["assume", "refuse"],
  patchResponse: ["200", "204", "auto"],
  noContentType: ["allow", "refuse"],
  pathlessRemove: ["allow", "refuse"],
  secondPrimary: ["demote", "refuse"],
  complexReplace: ["merge", "whole"],
  catalogueSchemas: ["draft", "okta"],
};

/** Whether a deviation names a switch and a position that it has. */
export function fits(name: string, value: unknown): boolean {
  if (!Object.hasOwn(tolerant, name)) return false;
  const key = name as keyof Dialect;
  const allowed = choices[key];
  if (allowed) return typeof value === "string" && allowed.includes(value);
  if (key === "attributeAliases") return isAliases(value);
  return typeof value === typeof tolerant[key];
}

function isAliases(value: unknown): boolean {
  return (
    typeof value === "object" &&
    value !== null &&
    !Array.isArray(value) &&
    Object.values(value).every((path) => typeof path === "string")
  );
}
