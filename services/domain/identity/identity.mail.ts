import { letter, type LetterText } from "../../platform/letter";
import type { Locale } from "../organizations";

/** What the administrators are told about sign-in, and the facts that each letter names. */
export interface IdentityNews {
  domain_lapsed: { domain: string };
  expiring: { what: string; days: number };
  expired: { what: string };
  certificate_pending: { connection: string };
  metadata_differs: { connection: string; what: string };
  enforcement_paused: { why: string };
  enforcement_resumed: object;
  enforcement_required: object;
  break_glass_used: { who: string; ip: string };
  break_glass_refused: { ip: string };
  break_glass_changed: { who: string };
  seats_full: object;
  link_waiting: object;
}
export type IdentityNewsKind = keyof IdentityNews;

type Words = Pick<LetterText, "subject"> & { readonly paragraph: string };
type Texts = { readonly [K in IdentityNewsKind]: (facts: IdentityNews[K], organization: string) => Words };

const fr: Texts = {
  domain_lapsed: ({ domain }, o) => ({
    subject: `${domain} n'est plus vérifié`,
    paragraph: `L'enregistrement DNS qui prouve que ${domain} appartient à ${o} a disparu. Personne ne rejoint plus l'organisation par ce domaine ; ceux que nous connaissons déjà se connectent encore pendant 14 jours. Rétablissez l'enregistrement TXT puis relancez la vérification.`,
  }),
  expiring: ({ what, days }, o) => ({
    subject: `${what} expire dans ${days} jour${days > 1 ? "s" : ""}`,
    paragraph: `Pour ${o} : ${what} expire dans ${days} jour${days > 1 ? "s" : ""}. Remplacez-le à temps pour que les connexions continuent sans interruption.`,
  }),
  expired: ({ what }, o) => ({
    subject: `${what} a expiré`,
    paragraph: `Pour ${o} : ${what} a expiré. Remplacez-le dès maintenant.`,
  }),
  certificate_pending: ({ connection }, o) => ({
    subject: "Nouveau certificat de votre fournisseur d'identité",
    paragraph: `Les métadonnées de « ${connection} » (${o}) annoncent un certificat que vous n'avez pas encore accepté. Vérifiez son empreinte auprès de votre fournisseur d'identité, puis acceptez-le.`,
  }),
  metadata_differs: ({ connection, what }, o) => ({
    subject: "Les métadonnées de votre fournisseur d'identité ont changé",
    paragraph: `Les métadonnées de « ${connection} » (${o}) diffèrent de la connexion : ${what}. Rien n'a été changé automatiquement.`,
  }),
  enforcement_paused: ({ why }, o) => ({
    subject: "L'authentification unique n'est plus imposée",
    paragraph: `${o} impose l'authentification unique, mais il lui manque : ${why}. D'ici à ce que cela soit rétabli, les liens de connexion par e-mail fonctionnent de nouveau.`,
  }),
  enforcement_resumed: (_, o) => ({
    subject: "L'authentification unique est de nouveau imposée",
    paragraph: `Tout ce qu'il faut est de nouveau là : les membres de ${o} se connectent par l'authentification unique. Les autres sessions prennent fin dans une heure.`,
  }),
  enforcement_required: (_, o) => ({
    subject: "L'authentification unique est désormais imposée",
    paragraph: `Les membres de ${o} se connectent désormais par l'authentification unique. Les autres sessions prennent fin dans une heure.`,
  }),
  break_glass_used: ({ who, ip }, o) => ({
    subject: "Accès d'urgence utilisé",
    paragraph: `${who} est entré dans ${o} par l'accès d'urgence, depuis ${ip}, pour une heure au plus. Si ce n'était pas prévu, mettez fin à ses sessions et retirez son accès d'urgence.`,
  }),
  break_glass_refused: ({ ip }, o) => ({
    subject: "Tentative d'accès d'urgence refusée",
    paragraph: `Quelqu'un a essayé d'entrer dans ${o} par l'accès d'urgence, depuis ${ip}, et a été refusé.`,
  }),
  break_glass_changed: ({ who }, o) => ({
    subject: "La liste des accès d'urgence a changé",
    paragraph: `La liste des propriétaires de ${o} qui ont un accès d'urgence a changé : ${who}.`,
  }),
  seats_full: (_, o) => ({
    subject: "Une connexion a été refusée faute de place",
    paragraph: `Quelqu'un que votre fournisseur d'identité reconnaît n'a pas pu entrer dans ${o} : toutes les places sont prises. Libérez-en une, ajoutez-en, ou changez la règle qui s'applique quand il n'y en a plus. Ce message n'est envoyé qu'une fois par jour.`,
  }),
  link_waiting: (_, o) => ({
    subject: "Une identité attend votre accord",
    paragraph: `Quelqu'un que votre fournisseur d'identité reconnaît porte l'adresse d'un membre de ${o}. Vérifiez de qui il s'agit, puis acceptez ou refusez de relier cette identité à ce membre ; d'ici là, elle n'ouvre rien. Ce message n'est envoyé qu'une fois par jour.`,
  }),
};

const en: Texts = {
  domain_lapsed: ({ domain }, o) => ({
    subject: `${domain} is no longer verified`,
    paragraph: `The DNS record that proves that ${domain} belongs to ${o} is gone. Nobody joins by this domain any more; those who are known already keep signing in for 14 days. Put the TXT record back and check the domain again.`,
  }),
  expiring: ({ what, days }, o) => ({
    subject: `${what} expires in ${days} day${days > 1 ? "s" : ""}`,
    paragraph: `For ${o}: ${what} expires in ${days} day${days > 1 ? "s" : ""}. Replace it in time, so that people keep signing in.`,
  }),
  expired: ({ what }, o) => ({
    subject: `${what} has expired`,
    paragraph: `For ${o}: ${what} has expired. Replace it now.`,
  }),
  certificate_pending: ({ connection }, o) => ({
    subject: "A new certificate of your identity provider",
    paragraph: `The metadata of “${connection}” (${o}) names a certificate that you have not accepted yet. Compare its fingerprint with your identity provider, then accept it.`,
  }),
  metadata_differs: ({ connection, what }, o) => ({
    subject: "The metadata of your identity provider has changed",
    paragraph: `The metadata of “${connection}” (${o}) differs from the connection: ${what}. Nothing was changed by itself.`,
  }),
  enforcement_paused: ({ why }, o) => ({
    subject: "Single sign-on is not enforced for now",
    paragraph: `${o} requires single sign-on, but it lacks: ${why}. Until that is back, sign-in links by e-mail work again.`,
  }),
  enforcement_resumed: (_, o) => ({
    subject: "Single sign-on is enforced again",
    paragraph: `Everything that it needs is back: the members of ${o} sign in by single sign-on. Other sessions end within an hour.`,
  }),
  enforcement_required: (_, o) => ({
    subject: "Single sign-on is required from now on",
    paragraph: `The members of ${o} sign in by single sign-on from now on. Other sessions end within an hour.`,
  }),
  break_glass_used: ({ who, ip }, o) => ({
    subject: "Emergency access was used",
    paragraph: `${who} has entered ${o} by emergency access, from ${ip}, for one hour at most. If nobody expected that, end their sessions and take their emergency access away.`,
  }),
  break_glass_refused: ({ ip }, o) => ({
    subject: "Emergency access was refused",
    paragraph: `Somebody has tried to enter ${o} by emergency access, from ${ip}, and was refused.`,
  }),
  break_glass_changed: ({ who }, o) => ({
    subject: "The list of emergency access has changed",
    paragraph: `The list of owners of ${o} who have emergency access has changed: ${who}.`,
  }),
  seats_full: (_, o) => ({
    subject: "A sign-in was refused for want of a seat",
    paragraph: `Somebody whom your identity provider knows could not enter ${o}: every seat is taken. Free one, add more, or change what happens when there is none. This message is sent once a day at most.`,
  }),
  link_waiting: (_, o) => ({
    subject: "An identity waits for your word",
    paragraph: `Somebody whom your identity provider knows has the address of a member of ${o}. Make sure who it is, then approve or reject to link that identity to the member; until then it opens nothing. This message is sent once a day at most.`,
  }),
};

const frame: Readonly<Record<Locale, Pick<LetterText, "greeting" | "action" | "closing">>> = {
  fr: {
    greeting: "Bonjour,",
    action: "Ouvrir l'administration",
    closing: "Vous recevez ce message parce que vous administrez les connexions de votre organisation.",
  },
  en: {
    greeting: "Hello,",
    action: "Open the administration",
    closing: "You get this message because you administer how your organization signs in.",
  },
};

/** A letter to an administrator about sign-in. */
export function identityMail<K extends IdentityNewsKind>(
  locale: Locale,
  kind: K,
  facts: IdentityNews[K],
  { organization, link }: { organization: string; link: string },
) {
  const { subject, paragraph } = (locale === "fr" ? fr : en)[kind](facts, organization);
  return letter(locale, { ...frame[locale], subject, paragraphs: [paragraph] }, link);
}
