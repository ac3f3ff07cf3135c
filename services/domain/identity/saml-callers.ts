import type { ConnectionId, OrgId } from "../../kernel/ids";
import type { Caller, Origin } from "../../platform/caller";
import { permissionsOfKind } from "../access";

/** Whoever comes through the SAML door at one connection: nobody yet, until the sign-in is completed. */
export function samlCallerOf(orgId: OrgId, connectionId: ConnectionId, origin: Origin): Caller {
  return { kind: "saml", orgId, connectionId, permissions: permissionsOfKind.saml, origin };
}
