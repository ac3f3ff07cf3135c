import type { Tx } from "../../platform/unit-of-work";
import { useCase } from "../access";
import { lockOrganization } from "../organizations";
import { isWhole, readEnforcement } from "./enforcement";
import { findEnforcementRow, setSsoPaused, shortenSessionsOfLinks } from "./enforcement.store";
import { dropStaleBreakGlass } from "./exemptions.store";
import { notifyEnforcement } from "./enforcement.notices";

/** How long sessions that began without single sign-on go on once it is required (SAML-82). */
export const graceMinutes = 60;

/**
 * Looks whether enforcement still stands on everything it needs, pauses it where it does not, resumes it where it does
 * again, and tells the owners (ruling 7). Called in the transaction of whatever in this module takes a piece away.
 */
export async function syncEnforcement(tx: Tx): Promise<void> {
  // Under the lock two changes at once see each other: the second to come reads what the first has committed.
  await lockOrganization(tx);
  await dropStaleBreakGlass(tx);
  const { policy, paused, base } = await readEnforcement(tx);
  const lost = policy === "REQUIRED" && !isWhole(base);
  if (policy !== "REQUIRED" || lost === paused || !(await setSsoPaused(tx, lost))) return;
  if (!lost) await shortenSessionsOfLinks(tx, graceMinutes);

  tx.audit({
    action: lost ? "enforcement.pause" : "enforcement.resume",
    target: { kind: "organization", id: tx.orgId },
    facts: { severity: "high", base: { ...base } },
  });
  tx.emit({ name: lost ? "enforcement.paused" : "enforcement.resumed" });
  await notifyEnforcement(tx, lost ? "paused" : "resumed", base);
}

/** The same for what other modules take away: they come before this one and are heard by their events. */
export const onEnforcementBaseChanged = useCase(
  "operate",
  async (tx: Tx, _input: object): Promise<void> => {
    // Nearly every organization requires nothing: no lock is taken there.
    if ((await findEnforcementRow(tx)).policy === "REQUIRED") await syncEnforcement(tx);
  },
  "onEnforcementBaseChanged",
);
