import type { ConnectionId, MemberId, OrgId, PersonId, ScimTokenId, SessionId, TokenId } from "../kernel/ids";

/** What somebody may do; the table of roles stands in `domain/access`. */
export const permissions = [
  "organization:read",
  "organization:write",
  "member:read",
  "member:write",
  "member:role",
  "owner:transfer",
  "invitation:read",
  "invitation:write",
  "invitation:answer",
  "seat:read",
  "seat:assign",
  "subscription:read",
  "subscription:write",
  "group:read",
  "group:write",
  "event-type:read",
  "event-type:write",
  "event-type:own",
  "identity:read",
  "identity:write",
  "token:write",
  "provisioning:read",
  "provisioning:write",
  "audit:read",
  "schema:read",
  "sign-in",
  "operate",
] as const;
export type Permission = (typeof permissions)[number];

export const roles = ["OWNER", "ADMIN", "MEMBER"] as const;
export type Role = (typeof roles)[number];

/** Where a request came from, for the audit log. */
export interface Origin {
  readonly requestId: string;
  readonly ip?: string;
  readonly userAgent?: string;
}

interface Acting {
  readonly orgId: OrgId;
  readonly permissions: ReadonlySet<Permission>;
  readonly origin: Origin;
}

/** Who acts, for which organization, with which permissions (model.md §3). */
export type Caller =
  | (Acting & {
      readonly kind: "person";
      readonly memberId: MemberId;
      readonly personId: PersonId | null;
      readonly sessionId: SessionId;
      readonly role: Role;
    })
  | (Acting & {
      readonly kind: "token";
      readonly tokenId: TokenId;
      readonly memberId: MemberId | null;
      readonly role: Role;
    })
  | (Acting & {
      readonly kind: "scim";
      readonly tokenId: ScimTokenId;
      readonly tokenName: string;
      readonly connectionId: ConnectionId;
    })
  | (Acting & { readonly kind: "saml"; readonly connectionId: ConnectionId })
  | (Acting & { readonly kind: "public" })
  | (Acting & { readonly kind: "operator" })
  | (Acting & { readonly kind: "system" });

export type CallerKind = Caller["kind"];

/** The id that stands for the actor in the audit log and in idempotency keys. */
export function actorId(caller: Caller): string {
  switch (caller.kind) {
    case "person":
      return caller.memberId;
    case "token":
      return caller.tokenId;
    case "scim":
      return caller.tokenId;
    case "saml":
      return caller.connectionId;
    default:
      return caller.orgId;
  }
}

/** The actor as the audit log and the outbox keep it: kinds and ids, no name, no address but the network's. */
export function callerLabel(caller: Caller): { kind: CallerKind; id: string; origin: Origin } {
  return { kind: caller.kind, id: actorId(caller), origin: caller.origin };
}
