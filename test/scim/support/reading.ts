import { groupType, userType } from "../../../services/scim/attributes/registry";
import { presets, type Dialect, type Preset } from "../../../services/scim/dialects";
import { planPatch, type PatchPlan } from "../../../services/scim/patch/plan-patch";
import { readOperations } from "../../../services/scim/patch/operation";
import { readResource } from "../../../services/scim/read-resource";
import type { Reading } from "../../../services/scim/reading";
import { ScimRefusal } from "../../../services/scim/refusal";
import { Trail } from "../../../services/scim/trail";
import { coreUser, enterpriseUser, messages } from "../../../services/scim/urns";
import type { Value, Values } from "../../../services/scim/values";

export function readingAs(preset: Preset = "tolerant", more: Partial<Dialect> = {}): Reading {
  return { dialect: { ...presets[preset], ...more }, trail: new Trail() };
}

/** The refusal that some work ends with; fails the test when it does not refuse. */
export function refusalOf(work: () => unknown): { status: number; scimType: string | undefined; detail: string } {
  try {
    work();
  } catch (error) {
    if (!(error instanceof ScimRefusal)) throw error;
    return { status: error.status, scimType: error.scimType, detail: error.message };
  }
  throw new Error("nothing was refused");
}

/** `400 invalidValue`, in short. */
export function codeOf(work: () => unknown): string {
  const { status, scimType } = refusalOf(work);
  return `${status} ${scimType ?? ""}`.trim();
}

export const minimalUser = { schemas: [coreUser], userName: "ada@acme.test" };

export function readUser(body: object, reading = readingAs()): Record<string, Value | null> {
  return Object.fromEntries(readResource(userType, body, reading));
}

export const ada: Values = new Map<string, Value>([
  ["userName", "ada@acme.test"],
  ["active", true],
  ["name", { givenName: "Ada", familyName: "Lovelace" }],
]);

export function withValues(more: Record<string, Value>): Values {
  return new Map([...ada, ...Object.entries(more)]);
}

/** Plans a PATCH of a user and shows the outcome as plain object. */
export function patched(current: Values, operations: readonly object[], reading = readingAs()): Record<string, Value> {
  return Object.fromEntries(planOf(current, operations, reading).values);
}

export function planOf(current: Values, operations: readonly object[], reading = readingAs()): PatchPlan {
  return planPatch(userType, current, readOperations(userType, patchBody(operations), reading), reading);
}

export function patchBody(operations: readonly object[]): object {
  return { schemas: [messages.patchOp], Operations: operations };
}

export const sales: Values = new Map<string, Value>([["displayName", "Sales"]]);

export function planGroup(operations: readonly object[], reading = readingAs()): PatchPlan {
  return planPatch(groupType, sales, readOperations(groupType, patchBody(operations), reading), reading);
}

export const ent = (name: string): string => `${enterpriseUser}:${name}`;
