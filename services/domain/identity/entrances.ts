import { PlenumError } from "../../kernel/errors";
import type { ConnectionId } from "../../kernel/ids";
import type { Caller, Origin, Permission } from "../../platform/caller";
import type { Entrance } from "../../platform/tx";
import { readSecret } from "../../platform/secrets";
import type { Tx } from "../../platform/unit-of-work";
import { isAtMost, permissionsOfKind, permissionsOfRole } from "../access";
import {
  identifyScimToken,
  identifySession,
  identifyToken,
  tokenOf,
  type ScimTokenRow,
  type SessionRow,
} from "./credentials.store";
import { isAllowedFrom } from "./networks";
import { isSameToken, type RecentToken, type RecentTokens } from "./recent-tokens";
import { requireTokenAllowed } from "./require-link-allowed";

/** What a person's or a program's credential opens: an API token or the secret of a cookie session. */
export interface PersonEntrance extends Entrance {
  /** The session, once identified; absent for API tokens. */
  readonly session: SessionRow | undefined;
}

/**
 * The way in for `Authorization: Bearer plm_…` and for the session cookie; nothing where the text is no such secret.
 * The credential itself is looked up as the first statement of the unit of work.
 */
export function entranceOf(text: string, origin: Origin): PersonEntrance | undefined {
  const secret = readSecret(text);
  if (!secret) return undefined;
  const { orgId, hash } = secret;
  switch (secret.kind) {
    case "session": {
      const entrance = {
        orgId,
        origin,
        session: undefined as SessionRow | undefined,
        async identify(tx: Tx): Promise<Caller> {
          const session = await identifySession(tx, hash);
          if (!session) throw unauthenticated();
          entrance.session = session;
          const { memberId, personId, role } = session;
          const permissions = permissionsOfRole[role];
          return { kind: "person", orgId, origin, permissions, memberId, personId, role, sessionId: session.id };
        },
      };
      return entrance;
    }
    case "api":
      return {
        orgId,
        origin,
        session: undefined,
        async identify(tx: Tx): Promise<Caller> {
          const token = await identifyToken(tx, hash);
          if (!token) throw unauthenticated();
          if (token.ssoRequired) await requireTokenAllowed(tx);
          // A token never has more than its member has now.
          const role = token.memberRole && isAtMost(token.memberRole, token.role) ? token.memberRole : token.role;
          const permissions = permissionsOfRole[role];
          return { kind: "token", orgId, origin, permissions, tokenId: token.id, memberId: token.memberId, role };
        },
      };
    default:
      return undefined;
  }
}

/** A SCIM token's way in, with the settings of its connection once identified. */
export interface ScimEntrance extends Entrance {
  readonly connection: ScimTokenRow | undefined;
}

/**
 * The way in for a SCIM token at the path of one connection; token and path must agree (SCIM-010). Switched-off,
 * paused and unentitled connections are refused with `forbidden`-class codes, so that they differ from a bad token.
 * Where tokens are remembered, work may begin beside their look-up.
 */
export function scimEntrance(
  text: string,
  connectionId: ConnectionId,
  origin: Origin,
  recent?: RecentTokens,
): ScimEntrance | undefined {
  const secret = readSecret(text);
  if (secret?.kind !== "scim") return undefined;
  const { orgId, hash } = secret;
  const key = `${orgId} ${connectionId} ${hash.toString("base64")}`;
  const callerBy = (token: ScimTokenRow): Caller => {
    requireOpen(token, origin);
    const permissions = permissionsOfScopes(token.scopes);
    return { kind: "scim", orgId, origin, permissions, tokenId: token.id, tokenName: token.name, connectionId };
  };
  let anticipated: RecentToken | undefined;
  const entrance = {
    orgId,
    origin,
    connection: undefined as ScimTokenRow | undefined,
    anticipate(): Caller | undefined {
      anticipated = recent?.find(key);
      if (!anticipated || !isAllowedFrom(anticipated.row.ipAllow, origin.ip)) return (anticipated = undefined);
      entrance.connection = anticipated.row;
      return callerBy(anticipated.row);
    },
    async identify(tx: Tx): Promise<Caller> {
      const before = anticipated;
      anticipated = undefined;
      const texts = await identifyScimToken(tx, hash, connectionId);
      const isAsBefore = before !== undefined && texts !== undefined && isSameToken(before.texts, texts);
      if (before && !isAsBefore) {
        recent?.forget(key);
        throw new Error("the token is not what it was a moment ago");
      }
      if (!texts) throw unauthenticated();
      const token = before ?? { texts, row: tokenOf(texts) };
      entrance.connection = token.row;
      const caller = callerBy(token.row);
      recent?.keep(key, token);
      return caller;
    },
  };
  return entrance;
}

function requireOpen(token: ScimTokenRow, origin: Origin): void {
  if (token.organizationStatus !== "ACTIVE") {
    throw new PlenumError("organization_suspended", "this organization is not active", {
      status: token.organizationStatus,
    });
  }
  if (!token.entitled) {
    throw new PlenumError("entitlement_required", "the plan of this organization does not include SCIM", {
      feature: "sso",
    });
  }
  if (token.scimState !== "ON" && token.scimState !== "PREVIEW") {
    throw new PlenumError("connection_inactive", "SCIM is switched off for this connection", {
      state: token.scimState,
    });
  }
  if (!isAllowedFrom(token.ipAllow, origin.ip)) {
    throw new PlenumError("forbidden", "this address may not use the token", {});
  }
}

function permissionsOfScopes(scopes: readonly string[]): ReadonlySet<Permission> {
  if (scopes.includes("scim.write")) return permissionsOfKind.scim;
  return new Set([...permissionsOfKind.scim].filter((permission) => permission.endsWith(":read")));
}

/** One answer for missing, unknown, expired and revoked credentials. */
export function unauthenticated(): PlenumError {
  return new PlenumError("unauthenticated", "sign in first", {});
}
