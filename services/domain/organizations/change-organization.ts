import { invalid, PlenumError } from "../../kernel/errors";
import { isTimeZone } from "../../kernel/period";
import { parseSlug, parseText } from "../../kernel/text";
import { claimName, releaseName } from "../../platform/lobby";
import type { Tx } from "../../platform/unit-of-work";
import { useCase } from "../access";
import type { Locale, Organization, SeatPolicy } from "./organization";
import { lockOrganizationRow, updateOrganization } from "./organizations.store";

/** Absent keeps, a value sets (GQL-16). */
export interface OrganizationChange {
  readonly name?: string;
  readonly slug?: string;
  readonly timeZone?: string;
  readonly currency?: string;
  readonly locale?: string;
  readonly seatPolicy?: string;
  /** The most seats that the policy `expand` may buy; null clears. */
  readonly expandCeiling?: number | null;
  /** Refused when the organization has changed since (GQL-19). */
  readonly ifVersion?: string;
}

/**
 * Renames the organization, changes its zone, currency, language or seat policy.
 * @throws PlenumError `invalid` naming the field; `duplicate` for a slug in use; `stale_version`.
 */
export const changeOrganization = useCase(
  "organization:write",
  async (tx: Tx, change: OrganizationChange): Promise<Organization> => {
    const before = await lockOrganizationRow(tx);
    if (change.ifVersion !== undefined && change.ifVersion !== before.version) {
      throw new PlenumError("stale_version", "the organization has changed since", { version: before.version });
    }
    const after: Organization = {
      ...before,
      ...(change.name === undefined ? {} : { name: parseText("name", change.name, { max: 120 }) }),
      ...(change.slug === undefined ? {} : { slug: parseSlug("slug", change.slug) }),
      ...(change.timeZone === undefined ? {} : { timeZone: parseTimeZone(change.timeZone) }),
      ...(change.currency === undefined ? {} : { currency: parseCurrency(change.currency) }),
      ...(change.locale === undefined ? {} : { locale: parseLocale(change.locale) }),
      ...(change.seatPolicy === undefined ? {} : { seatPolicy: parseSeatPolicy(change.seatPolicy) }),
      ...(change.expandCeiling === undefined ? {} : { expandCeiling: parseCeiling(change.expandCeiling) }),
    };
    const changed = changedKeys(before, after);
    if (changed.length === 0) return before;

    if (after.slug !== before.slug) {
      await claimName(tx, "ORG_SLUG", after.slug, tx.orgId);
      await releaseName(tx, "ORG_SLUG", before.slug);
    }
    await updateOrganization(tx, after);

    tx.audit({
      action: "organization.change",
      target: { kind: "organization", id: tx.orgId },
      facts: { before: pick(before, changed), after: pick(after, changed) },
    });
    tx.emit({ name: "organization.changed" });
    return { ...after, version: String(BigInt(before.version) + 1n) };
  },
  "changeOrganization",
);

export function parseTimeZone(value: string): string {
  if (!isTimeZone(value)) throw invalid("timeZone", "an IANA time zone such as Europe/Paris", value);
  return value;
}

export function parseCurrency(value: string): string {
  if (!Intl.supportedValuesOf("currency").includes(value)) throw invalid("currency", "an ISO 4217 code", value);
  return value;
}

export function parseLocale(value: string): Locale {
  if (value !== "fr" && value !== "en") throw invalid("locale", "fr or en", value);
  return value;
}

function parseSeatPolicy(value: string): SeatPolicy {
  const policy = (["refuse", "waitlist", "expand", "free"] as const).find((p) => p === value);
  if (!policy) throw invalid("seatPolicy", "refuse, waitlist, expand or free", value);
  return policy;
}

function parseCeiling(value: number | null): number | null {
  if (value === null) return null;
  if (!Number.isInteger(value) || value < 1 || value > 1_000_000) {
    throw invalid("expandCeiling", "a whole number from 1 to 1000000", value);
  }
  return value;
}

function changedKeys(before: Organization, after: Organization): (keyof Organization)[] {
  return (Object.keys(after) as (keyof Organization)[]).filter((key) => before[key] !== after[key]);
}

function pick(from: Organization, keys: readonly (keyof Organization)[]): Record<string, unknown> {
  return Object.fromEntries(keys.map((key) => [key, from[key]]));
}
