import { foldKey } from "../../kernel/text";
import type { WaitingPolicy } from "./links.store";
import type { SamlConnection } from "./saml-connection";

/**
 * What a connection asks for before an identity becomes a member's; nothing where the proved domain suffices. That is
 * for members without an identity: where the same identity provider knows the member by another name, the address has
 * come to somebody else, and neither it nor a letter to it says that they are the member. An administrator decides.
 */
export function waitingPolicy(
  { options }: Pick<SamlConnection, "options">,
  name: string,
  knownAs: readonly string[],
): WaitingPolicy | undefined {
  // Capitals make nobody else: identity providers change them in addresses.
  if (knownAs.some((known) => foldKey(known) !== foldKey(name))) return "ADMIN";
  if (options.linkPolicy === "confirm") return "CONFIRM";
  return options.linkPolicy === "admin" ? "ADMIN" : undefined;
}

/** How long a link waits: for the member's own hand an hour, for an administrator's a week. */
export const linkMinutes: Readonly<Record<WaitingPolicy, number>> = { CONFIRM: 60, ADMIN: 7 * 24 * 60 };
/** Letters to one member within the hour in which a link waits, as many as sign-in links. */
export const lettersMax = 5;
