import { letter, type LetterText } from "../../platform/letter";
import type { Locale } from "../organizations";

interface RenamedFacts {
  readonly organization: string;
  readonly name: string;
  readonly oldSlug: string;
  readonly newSlug: string;
  readonly link: string;
}

const words: Readonly<Record<Locale, (facts: RenamedFacts) => LetterText>> = {
  fr: ({ organization, name, oldSlug, newSlug }) => ({
    subject: `Le lien de votre événement « ${name} » a changé`,
    greeting: "Bonjour,",
    paragraphs: [
      `${organization} vous a attribué un événement dont l'adresse se termine par « ${oldSlug} », comme l'un des vôtres.`,
      `Votre événement « ${name} » est conservé, avec ses rendez-vous. Son adresse se termine désormais par « ${newSlug} ».`,
    ],
    action: "Voir mes événements",
    closing: "Pensez à mettre à jour les endroits où vous avez partagé l'ancien lien.",
  }),
  en: ({ organization, name, oldSlug, newSlug }) => ({
    subject: `The link of your event “${name}” has changed`,
    greeting: "Hello,",
    paragraphs: [
      `${organization} gave you an event whose address ends in “${oldSlug}”, as one of your own did.`,
      `Your event “${name}” is kept, with everything booked on it. Its address now ends in “${newSlug}”.`,
    ],
    action: "See my events",
    closing: "Remember to update the places where you shared the old link.",
  }),
};

/** Tells a member that their own event type gave way to an assigned one (EVT-14). */
export function renamedMail(locale: Locale, facts: RenamedFacts) {
  return letter(locale, words[locale](facts), facts.link);
}
