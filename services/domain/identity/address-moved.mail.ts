import { letter, type LetterText } from "../../platform/letter";

interface Moved {
  readonly organization: string;
  readonly to: string;
  readonly link: string;
}

const words: Readonly<Record<"fr" | "en", (facts: Moved) => LetterText>> = {
  fr: ({ organization, to }) => ({
    subject: "Votre adresse de connexion a changé",
    greeting: "Bonjour,",
    paragraphs: [
      `Le fournisseur d'identité de ${organization} a remplacé votre adresse de connexion par ${to}. Vos accès et vos données restent les mêmes.`,
    ],
    action: "Ouvrir Plenum",
    closing: "Ce n'était pas prévu ? Prévenez votre administrateur.",
  }),
  en: ({ organization, to }) => ({
    subject: "Your sign-in address has changed",
    greeting: "Hello,",
    paragraphs: [
      `The identity provider of ${organization} has replaced your sign-in address by ${to}. Your access and your data stay the same.`,
    ],
    action: "Open Plenum",
    closing: "You did not expect that? Tell your administrator.",
  }),
};

/** The letter to the old address (SAML-69): whoever lost an account learns it there. */
export function addressMovedMail(locale: "fr" | "en", facts: Moved) {
  return letter(locale, words[locale](facts), facts.link);
}
