import type { ConnectionId } from "../../kernel/ids";
import type { Role } from "../../platform/caller";
import type { WhenFull } from "./seat-member";
import type { MemberProfile, MemberValue } from "./member";

/**
 * State-setting changes: they say what should be, so that clients may repeat them. SCIM's POST, PUT and PATCH, GraphQL
 * and SAML all end here.
 */
export type MemberChange =
  /** Profile properties; null clears, absent keeps. */
  | { readonly kind: "profile"; readonly set: Partial<MemberProfile> }
  /** All elements of some multi-valued attributes; an attribute named without elements is cleared. */
  | { readonly kind: "values"; readonly attributes: readonly string[]; readonly values: readonly MemberValue[] }
  /** Attributes that SCIM stores without effect; null removes one. */
  | { readonly kind: "rest"; readonly set: Readonly<Record<string, unknown>> }
  | { readonly kind: "manage"; readonly by: ConnectionId }
  /** `whenFull`: what happens where no seat is free; the organization's policy says it where nothing is given. */
  | { readonly kind: "activate"; readonly whenFull?: WhenFull }
  | { readonly kind: "suspend" }
  /** The plan that a suspended member comes back to; says nothing of others. */
  | { readonly kind: "returnTo"; readonly planCode: string }
  | { readonly kind: "grantRole"; readonly role: Role };
