import type { OrgId } from "../../kernel/ids";
import type { Caller, Origin } from "../../platform/caller";
import { permissionsOfKind } from "./roles";

/** The operator at the command line, one organization at a time (ruling 10). */
export function operatorOf(orgId: OrgId, origin: Origin): Caller {
  return { kind: "operator", orgId, permissions: permissionsOfKind.operator, origin };
}

/** The worker. */
export function systemOf(orgId: OrgId, requestId: string): Caller {
  return { kind: "system", orgId, permissions: permissionsOfKind.system, origin: { requestId } };
}

/** Somebody who is not signed in, at one organization's public page. */
export function publicOf(orgId: OrgId, origin: Origin): Caller {
  return { kind: "public", orgId, permissions: permissionsOfKind.public, origin };
}
