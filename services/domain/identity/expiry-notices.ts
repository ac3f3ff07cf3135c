import { dayMs, plusMs } from "../../kernel/clock";
import type { Caller, Role } from "../../platform/caller";
import type { Database, Tx } from "../../platform/unit-of-work";
import { useCase } from "../access";
import { loadOrganization, type Locale } from "../organizations";
import type { Settle } from "./agenda-work";
import { daysLeft, horizonDays, nextThreshold, noticeKey, reached } from "./expiry.rules";
import { hasLiveConnection, listExpiring, markNotice, type Expiring, type ExpiringKind } from "./notices.store";
import { syncEnforcement } from "./sync-enforcement";
import { tellAdministrators } from "./tell-administrators";

/** What the administration shows of something that runs out. */
export interface ExpiryWarning extends Omit<Expiring, "sent"> {
  readonly daysLeft: number;
}

/** What expires within 60 days, or has, the soonest first: the notice inside the product (SAML-17). */
export const listExpiries = useCase(
  "identity:read",
  async (tx: Tx, _input: object): Promise<ExpiryWarning[]> => {
    const expiring = await listExpiring(tx, plusMs(tx.now, horizonDays * dayMs));
    return expiring.map(({ sent: _, ...one }) => ({ ...one, daysLeft: daysLeft(one.expiresAt, tx.now) }));
  },
  "listExpiries",
);

/**
 * Tells, once for each threshold, that a certificate, a key, metadata or a SCIM token runs out; answers when there is
 * something to tell again. Work that comes late tells the tightest threshold only.
 */
export const sendExpiryNotices = useCase(
  "operate",
  async (tx: Tx, _input: object): Promise<Date | null> => {
    if (!(await hasLiveConnection(tx))) return null;
    const daily = plusMs(tx.now, dayMs);
    const expiring = await listExpiring(tx, plusMs(daily, horizonDays * dayMs));
    for (const one of expiring) await notify(tx, one);
    // Time alone takes pieces away, too: a lapsed domain's grace ends, a certificate expires.
    await syncEnforcement(tx);
    return expiring.reduce((first, one) => {
      const next = nextThreshold(one, tx.now);
      return next && next < first ? next : first;
    }, daily);
  },
  "sendExpiryNotices",
);

/** The agenda's work of it. */
export async function giveExpiryNotices(db: Database, caller: Caller, settle: Settle): Promise<void> {
  await db.run(caller, async (tx) => settle(tx, await sendExpiryNotices(tx, {})));
}

const names: Readonly<Record<Locale, Readonly<Record<ExpiringKind, (what: string, connection: string) => string>>>> = {
  fr: {
    IDP_CERTIFICATE: (what, c) => `le certificat « ${what} » du fournisseur d'identité « ${c} »`,
    SP_KEY: (what, c) => `notre clé ${what === "SIGNING" ? "de signature" : "de chiffrement"} pour « ${c} »`,
    METADATA: (_, c) => `la validité des métadonnées de « ${c} »`,
    SCIM_TOKEN: (what, c) => `le jeton SCIM « ${what} » de « ${c} »`,
  },
  en: {
    IDP_CERTIFICATE: (what, c) => `the certificate “${what}” of the identity provider “${c}”`,
    SP_KEY: (what, c) => `our ${what === "SIGNING" ? "signing" : "encryption"} key for “${c}”`,
    METADATA: (_, c) => `the validity of the metadata of “${c}”`,
    SCIM_TOKEN: (what, c) => `the SCIM token “${what}” of “${c}”`,
  },
};

async function notify(tx: Tx, one: Expiring): Promise<void> {
  const due = reached(one, tx.now).filter((days) => !one.sent.includes(String(days)));
  const tightest = due.at(-1);
  if (tightest === undefined) return;
  for (const days of due) await markNotice(tx, one.subjectId, noticeKey(days, one.expiresAt));

  const { locale } = await loadOrganization(tx);
  const what = names[locale][one.kind](one.what, one.connection);
  const roles: readonly Role[] = one.kind === "SCIM_TOKEN" ? ["OWNER"] : ["OWNER", "ADMIN"];
  const days = daysLeft(one.expiresAt, tx.now);
  if (days > 0) await tellAdministrators(tx, "expiring", { what, days }, roles);
  else await tellAdministrators(tx, "expired", { what }, roles);

  const facts = { kind: one.kind, days, expiresAt: one.expiresAt.toISOString() };
  tx.audit({ action: "certificate.expiry_notice", target: { kind: "connection", id: one.connectionId }, facts });
  tx.emit({ name: "certificate.expiry_noticed", connectionId: one.connectionId });
}
