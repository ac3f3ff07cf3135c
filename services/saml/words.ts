import type { PageLocale } from "../platform/page";
import type { PageClass } from "./page-classes";

interface Words {
  readonly title: string;
  readonly text: string;
}

const fr: Readonly<Record<PageClass, Words>> = {
  malformed: {
    title: "Réponse illisible",
    text: "Le message reçu n'est pas une réponse SAML que nous pouvons lire. Transmettez la référence ci-dessous à votre administrateur.",
  },
  tooLarge: {
    title: "Réponse trop volumineuse",
    text: "Le message reçu dépasse la taille admise. Votre administrateur peut réduire la liste des groupes envoyés.",
  },
  rejected: {
    title: "Connexion refusée",
    text: "La réponse de votre fournisseur d'identité n'a pas pu être acceptée. Transmettez la référence ci-dessous à votre administrateur : il en trouvera la raison dans le journal d'audit.",
  },
  provider: {
    title: "Votre fournisseur d'identité a refusé",
    text: "Il n'a pas confirmé votre identité. Réessayez, ou transmettez la référence ci-dessous à votre administrateur.",
  },
  again: {
    title: "Recommencez la connexion",
    text: "Cette tentative a expiré, a déjà servi ou a commencé dans un autre navigateur. Rien n'a été modifié.",
  },
  noAccess: {
    title: "Pas d'accès à cette organisation",
    text: "Votre fournisseur d'identité vous a reconnu, mais cette organisation ne vous a pas ouvert d'accès. Adressez-vous à votre administrateur.",
  },
  noSeat: {
    title: "Aucune place libre",
    text: "Toutes les places de votre organisation sont prises. Votre administrateur peut en libérer ou en ajouter.",
  },
  switchedOff: {
    title: "Authentification unique désactivée",
    text: "L'authentification unique n'est pas active pour cette organisation. Adressez-vous à votre administrateur.",
  },
  letters: {
    title: "Assez de lettres pour l'instant",
    text: "Plusieurs lettres sont déjà parties à l'adresse de ce compte. Ouvrez la dernière dans ce navigateur, ou réessayez dans une heure.",
  },
  busy: {
    title: "Un instant",
    text: "La connexion n'a pas pu être traitée maintenant. Réessayez dans quelques secondes.",
  },
};

const en: Readonly<Record<PageClass, Words>> = {
  malformed: {
    title: "Unreadable response",
    text: "The message we received is no SAML response that we can read. Please pass the reference below on to your administrator.",
  },
  tooLarge: {
    title: "Response too large",
    text: "The message we received is larger than we accept. Your administrator can send fewer groups.",
  },
  rejected: {
    title: "Sign-in refused",
    text: "The response of your identity provider could not be accepted. Please pass the reference below on to your administrator: the audit log holds the reason.",
  },
  provider: {
    title: "Your identity provider refused",
    text: "It did not confirm who you are. Try again, or pass the reference below on to your administrator.",
  },
  again: {
    title: "Please sign in again",
    text: "This attempt has expired, was used before, or began in another browser. Nothing was changed.",
  },
  noAccess: {
    title: "No access to this organization",
    text: "Your identity provider knows you, but this organization has not opened its doors to you. Please ask your administrator.",
  },
  noSeat: {
    title: "No free seat",
    text: "Every seat of your organization is taken. Your administrator can free one or add more.",
  },
  switchedOff: {
    title: "Single sign-on is switched off",
    text: "Single sign-on is not active for this organization. Please ask your administrator.",
  },
  letters: {
    title: "Enough letters for now",
    text: "Several letters have gone to the address of this account already. Open the last one in this browser, or try again in an hour.",
  },
  busy: {
    title: "One moment",
    text: "The sign-in could not be handled right now. Try again in a few seconds.",
  },
};

interface General {
  readonly reference: string;
  readonly signIn: string;
  readonly continue: string;
  readonly forwarding: string;
  readonly signedOutTitle: string;
  readonly signedOut: string;
  readonly signedOutHere: string;
  readonly offerTitle: string;
  readonly offer: string;
  readonly account: string;
  readonly organization: string;
  readonly notMe: string;
}

const general: Readonly<Record<PageLocale, General>> = {
  fr: {
    reference: "Référence :",
    signIn: "Se connecter",
    continue: "Continuer",
    forwarding: "Vers votre fournisseur d'identité",
    signedOutTitle: "Vous êtes déconnecté",
    signedOut: "Votre session est terminée.",
    signedOutHere:
      "Votre session ici est terminée. Votre fournisseur d'identité n'a pas pu fermer toutes les autres : fermez le navigateur si vous n'êtes pas seul à l'utiliser.",
    offerTitle: "Continuer la connexion ?",
    offer: "Votre fournisseur d'identité vous a envoyé ici. Continuez seulement si ce compte est le vôtre.",
    account: "Compte",
    organization: "Organisation",
    notMe: "Ce n'est pas moi",
  },
  en: {
    reference: "Reference:",
    signIn: "Sign in",
    continue: "Continue",
    forwarding: "On to your identity provider",
    signedOutTitle: "You are signed out",
    signedOut: "Your session has ended.",
    signedOutHere:
      "Your session here has ended. Your identity provider could not end all the others: close the browser if you are not the only one to use it.",
    offerTitle: "Go on signing in?",
    offer: "Your identity provider sent you here. Go on only if this account is yours.",
    account: "Account",
    organization: "Organization",
    notMe: "This is not me",
  },
};

/** The words of a refusal; both languages are complete by type. */
export function wordsFor(locale: PageLocale, page: PageClass): Words & General {
  return { ...(locale === "fr" ? fr : en)[page], ...general[locale] };
}

/** The words of every other page. */
export function generalWords(locale: PageLocale): General {
  return general[locale];
}
