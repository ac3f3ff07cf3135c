import { createHash } from "node:crypto";
import type { MemberId } from "../../kernel/ids";
import type { Tx } from "../../platform/unit-of-work";
import { useCase } from "../access";
import { countLiveTokens, listLockedOut, type LockedOutRow } from "./dry-run.store";
import { areTokensExempt } from "./enforcement.store";

/** Why a member could not come in through single sign-on (SAML-98). */
export type LockOutReason = "NO_RECENT_SSO" | "DOMAIN_NOT_COVERED" | "SCIM_INACTIVE" | "NO_SEAT";

export interface LockedOut {
  readonly memberId: MemberId;
  readonly displayName: string | null;
  readonly email: string | null;
  readonly reasons: readonly LockOutReason[];
}

export interface DryRunReport {
  readonly lockedOut: readonly LockedOut[];
  /** API tokens that would stop working; none where they are exempt. */
  readonly apiTokens: number;
  /** What `setEnforcement` wants to hear back: that this very list was read. */
  readonly digest: string;
}

/** Who could not sign in if single sign-on were required now; changes nothing. */
export const dryRunEnforcement = useCase(
  "identity:read",
  async (tx: Tx, _input: object): Promise<DryRunReport> => dryRunReport(tx),
  "dryRunEnforcement",
);

/** The report on its own, for whoever has asked for permission already. */
export async function dryRunReport(tx: Tx): Promise<DryRunReport> {
  const rows = await listLockedOut(tx);
  const lockedOut = rows.map((row) => ({ ...row, reasons: reasonsOf(row) })).map(shown);
  const apiTokens = (await areTokensExempt(tx)) ? 0 : await countLiveTokens(tx);
  const digest = createHash("sha256")
    .update(JSON.stringify([apiTokens > 0, lockedOut.map(({ memberId, reasons }) => [memberId, reasons])]))
    .digest("hex");
  return { lockedOut, apiTokens, digest };
}

function reasonsOf(row: LockedOutRow): LockOutReason[] {
  const table: readonly [boolean, LockOutReason][] = [
    [row.noRecentSso, "NO_RECENT_SSO"],
    [row.domainNotCovered, "DOMAIN_NOT_COVERED"],
    [row.scimInactive, "SCIM_INACTIVE"],
    [row.noSeat, "NO_SEAT"],
  ];
  return table.filter(([holds]) => holds).map(([, reason]) => reason);
}

function shown({ memberId, displayName, email, reasons }: LockedOut): LockedOut {
  return { memberId, displayName, email, reasons };
}
