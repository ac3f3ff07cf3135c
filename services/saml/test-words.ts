import type { AssertionWarning, SignInPreview } from "../domain/identity";
import type { PageLocale } from "../platform/page";

type Effect = NonNullable<SignInPreview["effect"]>;
type Domain = NonNullable<SignInPreview["domain"]>;

interface TestWords {
  readonly passed: string;
  readonly failed: string;
  readonly nothing: string;
  readonly advice: string;
  readonly warnings: string;
  readonly would: string;
  readonly person: string;
  readonly nameId: string;
  readonly groups: string;
  readonly noGroups: string;
  readonly domain: string;
  readonly attributes: string;
  readonly signatures: string;
  readonly clock: string;
  readonly checks: string;
  readonly expected: string;
  readonly received: string;
  readonly refused: string;
  readonly role: string;
  readonly seat: string;
  readonly noSeat: string;
  readonly compared: string;
  readonly addCertificate: string;
  readonly again: string;
  readonly setup: string;
  readonly results: Readonly<Record<"pass" | "fail" | "skipped", string>>;
  readonly effects: Readonly<Record<Effect, string>>;
  readonly roles: Readonly<Record<"OWNER" | "ADMIN" | "MEMBER", string>>;
  readonly domains: Readonly<Record<Domain, string>>;
  readonly warning: Readonly<Record<AssertionWarning, string>>;
}

/** The words of the report of a trial, complete in both languages by type. */
export const testWords: Readonly<Record<PageLocale, TestWords>> = {
  fr: {
    passed: "L'essai a réussi",
    failed: "L'essai a échoué",
    nothing: "Rien n'a été modifié : aucun membre, aucune place, aucune session.",
    advice: "Ce qu'il faut changer",
    warnings: "À savoir",
    would: "Une connexion réelle",
    person: "Personne",
    nameId: "Identifiant (NameID)",
    groups: "Groupes",
    noGroups: "aucun attribut de groupes : les rôles ne changent pas",
    domain: "Domaine de l'adresse",
    attributes: "Attributs reçus",
    signatures: "Signatures",
    clock: "Écart d'horloge",
    checks: "Vérifications",
    expected: "attendu",
    received: "reçu",
    refused: "serait refusée",
    role: "avec le rôle",
    seat: "dans une place",
    noSeat: "sans place",
    compared: "J'ai comparé l'empreinte ci-dessus avec celle que montre mon fournisseur d'identité.",
    addCertificate: "Ajouter ce certificat comme deuxième",
    again: "Essayer à nouveau",
    setup: "Valeurs à recopier",
    results: { pass: "réussi", fail: "échoué", skipped: "non atteint" },
    effects: {
      KNOWN: "reconnaîtrait le membre",
      LINKED: "relierait le membre existant",
      JOINED: "ferait entrer le membre invité",
      CREATED: "créerait un membre",
    },
    roles: { OWNER: "propriétaire", ADMIN: "administrateur", MEMBER: "membre" },
    domains: {
      verified: "vérifié pour votre organisation",
      lapsed: "preuve expirée : seuls les membres déjà connus entrent encore",
      none: "non vérifié pour votre organisation",
    },
    warning: {
      lifetime_long: "L'assertion reste valable plus d'un jour. Raccourcissez sa durée.",
      sha1_used: "SHA-1 est accepté par exception, pour un temps. Passez à SHA-256.",
      certificate_expired: "Le certificat de signature a expiré. Renouvelez-le chez votre fournisseur d'identité.",
      destination_absent: "La réponse ne nomme pas sa destination ; un réglage de la connexion l'admet.",
      attribute_repeated: "Un attribut est envoyé plusieurs fois ; ses valeurs ont été réunies.",
      name_id_transient: "Le NameID change à chaque connexion.",
      proxy_restricted: "L'assertion restreint sa transmission à d'autres fournisseurs.",
    },
  },
  en: {
    passed: "The trial succeeded",
    failed: "The trial failed",
    nothing: "Nothing was changed: no member, no seat, no session.",
    advice: "What to change",
    warnings: "Good to know",
    would: "A real sign-in",
    person: "Person",
    nameId: "Identifier (NameID)",
    groups: "Groups",
    noGroups: "no groups attribute: roles stay as they are",
    domain: "Domain of the address",
    attributes: "Attributes received",
    signatures: "Signatures",
    clock: "Clock difference",
    checks: "Checks",
    expected: "expected",
    received: "received",
    refused: "would be refused",
    role: "in the role of",
    seat: "in a seat",
    noSeat: "without a seat",
    compared: "I have compared the fingerprint above with the one that my identity provider shows.",
    addCertificate: "Add this certificate as second one",
    again: "Try again",
    setup: "Values to copy",
    results: { pass: "passed", fail: "failed", skipped: "not reached" },
    effects: {
      KNOWN: "would recognise the member",
      LINKED: "would link the member that exists",
      JOINED: "would let the invited member in",
      CREATED: "would create a member",
    },
    roles: { OWNER: "owner", ADMIN: "administrator", MEMBER: "member" },
    domains: {
      verified: "verified for your organization",
      lapsed: "its proof has lapsed: only members known already still come in",
      none: "not verified for your organization",
    },
    warning: {
      lifetime_long: "The assertion stays valid for more than a day. Shorten its lifetime.",
      sha1_used: "SHA-1 is taken by exception, for a while. Move to SHA-256.",
      certificate_expired: "The signing certificate has expired. Renew it at your identity provider.",
      destination_absent: "The response names no destination; a setting of the connection allows that.",
      attribute_repeated: "An attribute is sent several times; its values were joined.",
      name_id_transient: "The NameID changes with every sign-in.",
      proxy_restricted: "The assertion restricts its being passed on to other providers.",
    },
  },
};
