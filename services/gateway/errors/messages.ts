import type { ErrorCode, Facts } from "../../kernel/errors";

interface Texts {
  readonly en: string;
  readonly fr: string;
}

/** What a person reads, by code; `{name}` is a fact. Total: a new code does not compile until it is said here. */
const texts: Readonly<Record<ErrorCode, Texts>> = {
  unauthenticated: { en: "Sign in first.", fr: "Connectez-vous d’abord." },
  forbidden: { en: "You may not do this.", fr: "Vous n’avez pas le droit de faire cela." },
  not_found: { en: "This does not exist.", fr: "Cet élément n’existe pas." },
  invalid: { en: "This value cannot be used: expected {expected}.", fr: "Valeur inutilisable : attendu {expected}." },
  conflict: {
    en: "Something else stands against this at the moment. Look again and repeat.",
    fr: "Quelque chose s’y oppose pour l’instant. Vérifiez puis recommencez.",
  },
  duplicate: { en: "This is taken already.", fr: "Cette valeur est déjà prise." },
  stale_version: {
    en: "Somebody has changed this since you looked. Load it again.",
    fr: "Cet élément a changé depuis votre lecture. Rechargez-le.",
  },
  idempotency_key_reused: {
    en: "This idempotency key was used with another input.",
    fr: "Cette clé d’idempotence a déjà servi avec d’autres valeurs.",
  },
  rate_limited: { en: "Too many requests. Try again later.", fr: "Trop de requêtes. Réessayez plus tard." },
  too_large: { en: "This is too large.", fr: "C’est trop volumineux." },
  unavailable: {
    en: "The service does not answer at the moment. Try again shortly.",
    fr: "Le service ne répond pas pour l’instant. Réessayez sous peu.",
  },
  internal: {
    en: "Something went wrong on our side. Quote the error id if it stays so.",
    fr: "Une erreur est survenue de notre côté. Citez l’identifiant d’erreur si elle persiste.",
  },
  organization_suspended: {
    en: "This organization is suspended.",
    fr: "Cette organisation est suspendue.",
  },
  entitlement_required: {
    en: "Your plan does not include this ({feature}).",
    fr: "Votre abonnement ne comprend pas cette fonction ({feature}).",
  },
  sso_required_first: {
    en: "Activate single sign-on first.",
    fr: "Activez d’abord l’authentification unique.",
  },
  last_owner: {
    en: "An organization keeps at least one owner.",
    fr: "Une organisation garde au moins un propriétaire.",
  },
  seats_exhausted: {
    en: "No free seat: {used} of {quantity} are taken.",
    fr: "Aucune place libre : {used} sur {quantity} sont prises.",
  },
  seats_in_use: {
    en: "More licences are in use than would remain.",
    fr: "Plus de licences sont utilisées qu’il n’en resterait.",
  },
  free_member_limit_reached: {
    en: "Every place of the free plan is taken.",
    fr: "Toutes les places de l’offre gratuite sont prises.",
  },
  service_already_assigned: {
    en: "The member holds this licence already.",
    fr: "Ce membre possède déjà cette licence.",
  },
  option_not_available: {
    en: "This option does not go with the member’s plan.",
    fr: "Cette option n’est pas compatible avec l’abonnement du membre.",
  },
  right_not_granted: {
    en: "Your partner has not granted this right.",
    fr: "Votre partenaire n’a pas accordé ce droit.",
  },
  prepaid_decrease_at_renewal_only: {
    en: "A prepaid subscription shrinks at its renewal only.",
    fr: "Un abonnement prépayé ne diminue qu’à son renouvellement.",
  },
  nothing_scheduled: { en: "No change is scheduled.", fr: "Aucun changement n’est programmé." },
  quote_expired: { en: "The quote has expired. Ask for a new one.", fr: "Le devis a expiré. Demandez-en un nouveau." },
  already_member: {
    en: "This person is a member already.",
    fr: "Cette personne est déjà membre.",
  },
  member_not_active: { en: "The member is not active.", fr: "Ce membre n’est pas actif." },
  member_deactivated: { en: "The member is deactivated.", fr: "Ce membre est désactivé." },
  invitation_not_pending: {
    en: "This invitation is answered or withdrawn.",
    fr: "Cette invitation a reçu une réponse ou a été retirée.",
  },
  invalid_token: { en: "This link is used, expired or unknown.", fr: "Ce lien est utilisé, expiré ou inconnu." },
  resend_limit_reached: {
    en: "The letter was sent {perDay} times today. Try again tomorrow.",
    fr: "La lettre a été envoyée {perDay} fois aujourd’hui. Réessayez demain.",
  },
  managed_by_identity_provider: {
    en: "Your identity provider manages this. Change it there.",
    fr: "Votre fournisseur d’identité gère ceci. Modifiez-le là-bas.",
  },
  mass_deprovision_guard: {
    en: "So many members left within an hour that an administrator has to agree first.",
    fr: "Tant de membres sont partis en une heure qu’un administrateur doit d’abord confirmer.",
  },
  field_locked: { en: "The organization has set this field.", fr: "L’organisation a fixé ce champ." },
  stale_revision: {
    en: "The template has a newer revision. Load it again.",
    fr: "Le modèle a une révision plus récente. Rechargez-le.",
  },
  connection_inactive: { en: "This connection is switched off.", fr: "Cette connexion est désactivée." },
  email_domain_not_owned: {
    en: "The organization does not hold this e-mail domain.",
    fr: "L’organisation ne possède pas ce domaine de messagerie.",
  },
  sso_refused: { en: "The sign-in was refused.", fr: "La connexion a été refusée." },
};

/** The sentence for a refusal in the reader's language. A fact that is missing leaves a dash. */
export function messageOf(code: ErrorCode, facts: Facts, locale: "fr" | "en"): string {
  return texts[code][locale].replace(/\{(\w+)\}/g, (_all, name: string) => shown(facts[name]));
}

function shown(fact: unknown): string {
  return typeof fact === "string" || typeof fact === "number" ? String(fact) : "–";
}
