import type { Tx } from "../../platform/unit-of-work";
import { loadOrganization, type Locale } from "../organizations";
import type { EnforcementBase } from "./enforcement";
import { tellAdministrators } from "./tell-administrators";

const missing: Readonly<Record<Locale, Readonly<Record<keyof EnforcementBase, string>>>> = {
  fr: {
    entitlement: "l'authentification unique dans l'abonnement",
    connection: "une connexion active avec un certificat valable",
    domain: "un domaine vérifié",
    breakGlass: "un propriétaire avec un accès d'urgence utilisable",
  },
  en: {
    entitlement: "single sign-on in the plan",
    connection: "an active connection with a certificate that counts",
    domain: "a verified domain",
    breakGlass: "an owner whose emergency access works",
  },
};

/** Tells the owners that enforcement no longer binds, or binds again. */
export async function notifyEnforcement(tx: Tx, what: "paused" | "resumed", base: EnforcementBase): Promise<void> {
  if (what === "resumed") {
    await tellAdministrators(tx, "enforcement_resumed", {}, ["OWNER"]);
    return;
  }
  const { locale } = await loadOrganization(tx);
  const lost = (Object.keys(base) as (keyof EnforcementBase)[]).filter((key) => !base[key]);
  const why = lost.map((key) => missing[locale][key]).join(", ");
  await tellAdministrators(tx, "enforcement_paused", { why }, ["OWNER"]);
}
