import { invalid, PlenumError } from "../../kernel/errors";
import type { Tx } from "../../platform/unit-of-work";
import { requirePermission, useCase } from "../access";
import { lockOrganization } from "../organizations";
import { requireFreshSession } from "./administrator";
import { dryRunReport } from "./dry-run-enforcement";
import { readEnforcement, type Enforcement, type EnforcementBase, type SsoPolicy } from "./enforcement";
import { hasPassedTestRun, setSsoPolicy, shortenSessionsOfLinks } from "./enforcement.store";
import { dropStaleBreakGlass } from "./exemptions.store";
import { graceMinutes } from "./sync-enforcement";
import { tellAdministrators } from "./tell-administrators";

/** How the organization stands to single sign-on, for its administrators. */
export const showEnforcement = useCase(
  "identity:read",
  async (tx: Tx, _input: object): Promise<Enforcement> => readEnforcement(tx),
  "showEnforcement",
);

const required: Readonly<Record<keyof EnforcementBase, string>> = {
  entitlement: "single sign-on in the plan",
  connection: "an active connection with a live certificate",
  domain: "a verified domain",
  breakGlass: "an owner with break-glass access",
};

/**
 * Says whether members may (`OPTIONAL`) or must (`REQUIRED`) come through single sign-on. Requiring it asks for all that
 * keeps an organization from locking itself out: an active connection that the very administrator has tried within a
 * day, a verified domain, a break-glass owner, and that they have read who could not sign in (SAML-81).
 * @throws PlenumError `conflict` with what is missing, `entitlement_required`, `forbidden`.
 */
export const setEnforcement = useCase(
  "identity:write",
  async (tx: Tx, input: { policy: SsoPolicy; acknowledged?: string }): Promise<Enforcement> => {
    await requireFreshSession(tx);
    // What was not read from a report is no acknowledgement, whatever is chosen.
    if (input.acknowledged !== undefined && !/^[0-9a-f]{64}$/.test(input.acknowledged)) {
      throw invalid("acknowledged", "the digest of a report", input.acknowledged);
    }
    await lockOrganization(tx);
    await dropStaleBreakGlass(tx);
    const before = await readEnforcement(tx);
    if (input.policy === before.policy && !before.paused) return before;
    if (input.policy === "REQUIRED") await requireReady(tx, before, input.acknowledged);
    else if (input.policy === "OPTIONAL" && !before.base.connection) throw notReady("connection");

    await setSsoPolicy(tx, input.policy);
    const ended = input.policy === "REQUIRED" ? await shortenSessionsOfLinks(tx, graceMinutes) : 0;
    if (input.policy === "REQUIRED") await tellAdministrators(tx, "enforcement_required", {}, ["OWNER"]);

    tx.audit({
      action: "enforcement.set",
      target: { kind: "organization", id: tx.orgId },
      facts: { severity: "high", from: before.policy, to: input.policy, sessionsShortened: ended },
    });
    tx.emit({ name: "enforcement.changed" });
    return readEnforcement(tx);
  },
  "setEnforcement",
);

async function requireReady(tx: Tx, { base }: Enforcement, acknowledged: string | undefined): Promise<void> {
  requirePermission(tx, "identity:read");
  const missing = (Object.keys(required) as (keyof EnforcementBase)[]).find((key) => !base[key]);
  if (missing) throw notReady(missing);
  // The operator has no account here to try: what they enable, they answer for.
  const { caller } = tx;
  if (caller.kind !== "operator") {
    const memberId = caller.kind === "person" ? caller.memberId : null;
    if (!memberId || !(await hasPassedTestRun(tx, memberId))) {
      throw new PlenumError("conflict", "try the connection first: a test run of yours must have passed within a day", {
        missing: "testRun",
      });
    }
  }
  const { digest, lockedOut } = await dryRunReport(tx);
  if (acknowledged !== digest) {
    throw new PlenumError("conflict", "read first who could not sign in: the report has changed or was not seen", {
      missing: "acknowledgement",
      lockedOut: lockedOut.length,
      digest,
    });
  }
}

function notReady(missing: keyof EnforcementBase): PlenumError {
  return new PlenumError("conflict", `requiring single sign-on needs ${required[missing]}`, { missing });
}
