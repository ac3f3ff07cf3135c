import { invalid } from "../../kernel/errors";
import { parseEmail } from "../../kernel/email";
import type { MemberId, OrgId } from "../../kernel/ids";
import { parseSlug, parseText } from "../../kernel/text";
import { claimName, createAgenda } from "../../platform/lobby";
import type { Tx } from "../../platform/unit-of-work";
import { useCase } from "../access";
import { getPlan, type BillingMode } from "../catalog";
import { isFreeDomain, vouchForDomain } from "../identity";
import { addMember, type Member } from "../members";
import { insertOrganization, parseCurrency, parseLocale, parseTimeZone, syncEntitlements } from "../organizations";
import { createSubscription } from "../subscriptions";

export interface NewOrganization {
  readonly name: string;
  readonly slug: string;
  readonly ownerEmail: string;
  readonly ownerName?: string;
  readonly ownerId?: MemberId;
  readonly plan: string;
  /** The owner's seat counts (contract §5). On the free plan: how many members it may have (ruling c4). */
  readonly seats: number;
  readonly billingMode?: BillingMode;
  readonly locale?: string;
  readonly timeZone?: string;
  readonly currency?: string;
}

export interface CreatedOrganization {
  readonly orgId: OrgId;
  readonly slug: string;
  readonly owner: Member;
}

const seatsMax = 1_000_000;

/**
 * Creates an organization with its owner, its default subscription and its agenda, in one transaction of the new
 * tenant; the name is claimed in the directory. The operator vouches for the domain of the owner's address unless it
 * is a free-mail host or held by somebody else (ruling 12).
 * @throws PlenumError `duplicate` (slug), `invalid`, `seats_exhausted` never: the owner takes the first seat.
 */
export const createOrganization = useCase(
  "operate",
  async (tx: Tx, input: NewOrganization): Promise<CreatedOrganization> => {
    const name = parseText("name", input.name, { max: 120 });
    const slug = parseSlug("slug", input.slug);
    const email = parseEmail("ownerEmail", input.ownerEmail);
    const plan = await getPlan(tx, "plan", input.plan);
    if (plan.kind !== "SERVICE") throw invalid("plan", "a service plan", input.plan);
    if (!Number.isInteger(input.seats) || input.seats < 1 || input.seats > seatsMax) {
      throw invalid("seats", `a whole number from 1 to ${seatsMax}`, input.seats);
    }

    await claimName(tx, "ORG_SLUG", slug, tx.orgId);
    await insertOrganization(tx, {
      name,
      slug,
      locale: parseLocale(input.locale ?? "en"),
      timeZone: parseTimeZone(input.timeZone ?? "Europe/Paris"),
      currency: parseCurrency(input.currency ?? "EUR"),
      freeMemberLimit: plan.isFree ? input.seats : 1,
    });
    await createAgenda(tx, "SEAL", null);
    await createAgenda(tx, "PRUNE", tx.now);
    await createAgenda(tx, "RECONCILE", tx.now);
    await createAgenda(tx, "RENEW", null);
    if (plan.isFree) await syncEntitlements(tx);
    else {
      const billingMode = input.billingMode ?? "MONTHLY";
      await createSubscription(tx, { planCode: plan.code, quantity: input.seats, billingMode });
    }
    if (await isFreeDomain(tx, email.domain)) await vouchForDomain(tx, { domain: email.domain });
    const { member } = await addMember(tx, {
      ...(input.ownerId ? { id: input.ownerId } : {}),
      profile: { userName: email.asGiven, displayName: input.ownerName ?? null },
      values: [{ attribute: "emails", type: "work", value: email.asGiven, primary: true, detail: null }],
      origin: "OWNER",
      role: "OWNER",
    });

    const target = { kind: "organization", id: tx.orgId } as const;
    tx.audit({ action: "organization.create", target, facts: { slug, plan: plan.code, seats: input.seats } });
    tx.emit({ name: "organization.created" });
    return { orgId: tx.orgId, slug, owner: member };
  },
  "createOrganization",
);
