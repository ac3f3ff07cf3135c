import { letter, type LetterText } from "../../platform/letter";

const words: Readonly<Record<"fr" | "en", LetterText>> = {
  fr: {
    subject: "Votre lien de connexion à Plenum",
    greeting: "Bonjour,",
    paragraphs: ["Voici le lien que vous avez demandé. Il ne sert qu'une fois et reste valable 30 minutes."],
    action: "Se connecter",
    closing: "Vous n'avez rien demandé ? Ignorez ce message : personne n'entre sans ce lien.",
  },
  en: {
    subject: "Your sign-in link for Plenum",
    greeting: "Hello,",
    paragraphs: ["Here is the link you asked for. It works once and stays valid for 30 minutes."],
    action: "Sign in",
    closing: "You did not ask for it? Ignore this message: nobody gets in without the link.",
  },
};

/** The mail with a one-time sign-in link. */
export function signInMail(locale: "fr" | "en", link: string) {
  return letter(locale, words[locale], link);
}
