import { letter, type LetterText } from "../../platform/letter";

interface LinkNews {
  readonly organization: string;
  readonly link: string;
}

type Words = Readonly<Record<"fr" | "en", (organization: string) => LetterText>>;

const confirm: Words = {
  fr: (organization) => ({
    subject: "Confirmez votre authentification unique",
    greeting: "Bonjour,",
    paragraphs: [
      `Quelqu'un s'est connecté chez le fournisseur d'identité de ${organization} avec votre adresse. Si c'est vous, ouvrez ce lien dans le navigateur où vous avez commencé : cette identité sera reliée à votre compte.`,
      "Le lien est valable une heure au plus et ne fonctionne dans aucun autre navigateur.",
    ],
    action: "Relier mon compte",
    closing: "Ce n'était pas vous ? N'ouvrez pas le lien et prévenez votre administrateur : rien n'a été modifié.",
  }),
  en: (organization) => ({
    subject: "Confirm your single sign-on",
    greeting: "Hello,",
    paragraphs: [
      `Somebody signed in at the identity provider of ${organization} with your address. If it was you, open this link in the browser where you began: the identity will be linked to your account.`,
      "The link works for an hour at most, and in no other browser.",
    ],
    action: "Link my account",
    closing: "It was not you? Do not open the link and tell your administrator: nothing was changed.",
  }),
};

const linked: Words = {
  fr: (organization) => ({
    subject: "Votre authentification unique est prête",
    greeting: "Bonjour,",
    paragraphs: [
      `Un administrateur de ${organization} a relié votre identité à votre compte. Vous pouvez vous connecter par l'authentification unique.`,
    ],
    action: "Se connecter",
    closing: "Vous ne l'aviez pas demandé ? Prévenez votre administrateur.",
  }),
  en: (organization) => ({
    subject: "Your single sign-on is ready",
    greeting: "Hello,",
    paragraphs: [
      `An administrator of ${organization} has linked your identity to your account. You can sign in by single sign-on.`,
    ],
    action: "Sign in",
    closing: "You did not ask for that? Tell your administrator.",
  }),
};

/** The letter by which a member confirms an identity. */
export function linkLetter(locale: "fr" | "en", { organization, link }: LinkNews) {
  return letter(locale, confirm[locale](organization), link);
}

/** The letter that tells a member that an administrator has linked an identity. */
export function linkedLetter(locale: "fr" | "en", { organization, link }: LinkNews) {
  return letter(locale, linked[locale](organization), link);
}
