import { letter, type LetterText } from "../../platform/letter";
import type { Locale } from "../organizations";

const words: Readonly<Record<Locale, (organization: string) => LetterText>> = {
  fr: (organization) => ({
    subject: `${organization} vous invite à rejoindre son compte`,
    greeting: "Bonjour,",
    paragraphs: [
      `${organization} vous a réservé une place. Acceptez l'invitation pour prendre vos rendez-vous avec votre équipe.`,
      "Le lien ci-dessous est personnel et ne sert qu'une fois. Il reste valable 30 jours.",
    ],
    action: "Accepter l'invitation",
    closing: "Si vous n'attendiez pas ce message, ignorez-le : sans votre accord, rien ne se passe.",
  }),
  en: (organization) => ({
    subject: `${organization} invites you to join its account`,
    greeting: "Hello,",
    paragraphs: [
      `${organization} has kept a seat for you. Accept the invitation to schedule together with your team.`,
      "The link below is yours alone and works once. It stays valid for 30 days.",
    ],
    action: "Accept the invitation",
    closing: "If you did not expect this message, ignore it: nothing happens without your consent.",
  }),
};

/** The letter of an invitation, in the organization's language. */
export function invitationMail(locale: Locale, facts: { organization: string; link: string }) {
  return letter(locale, words[locale](facts.organization), facts.link);
}
