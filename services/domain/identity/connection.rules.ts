import { PlenumError } from "../../kernel/errors";
import type { SamlState } from "./connections.store";

/** How many identity connections an organization may have (SAML-01). */
export const connectionsMax = 5;
/** For how many days a deleted connection can be brought back (SAML-12). */
export const undeleteDays = 30;

// draft → testing → active → disabled, and back: what was switched off may be tried again before it is switched on.
const moves: Readonly<Record<SamlState, readonly SamlState[]>> = {
  DRAFT: ["TESTING", "ACTIVE"],
  TESTING: ["DRAFT", "ACTIVE", "DISABLED"],
  ACTIVE: ["TESTING", "DISABLED"],
  DISABLED: ["TESTING", "ACTIVE"],
};

/** @throws PlenumError `conflict` for a move that there is not. */
export function requireMove(from: SamlState, to: SamlState): void {
  if (from === to || moves[from].includes(to)) return;
  throw new PlenumError("conflict", `a connection does not go from ${from} to ${to}`, { from, to, next: moves[from] });
}

/** Whether a state takes responses of the identity provider: sign-ins or test runs. */
export function takesResponses(state: SamlState): boolean {
  return state === "TESTING" || state === "ACTIVE";
}
