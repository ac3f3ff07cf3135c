import { letter, type LetterText } from "../../platform/letter";
import { keepMail } from "../../platform/lobby";
import type { Tx } from "../../platform/unit-of-work";
import { listRecipients } from "../identity";
import { loadOrganization, type Locale } from "../organizations";

export interface RunFacts {
  readonly connection: string;
  readonly hits: number;
  readonly threshold: number;
}
export interface LeftBehind {
  readonly connection: string;
  readonly members: number;
}
interface News {
  readonly alerted: RunFacts;
  readonly blocked: RunFacts;
  readonly left_behind: LeftBehind;
}

type Words = Pick<LetterText, "subject" | "paragraphs">;
type Texts = { readonly [K in keyof News]: (facts: News[K], organization: string) => Words };

const fr: Texts = {
  alerted: ({ connection, hits, threshold }, o) => ({
    subject: `${hits} membres retirés de ${o} en une heure`,
    paragraphs: [
      `« ${connection} » a retiré ${hits} membres en une heure, plus que les ${threshold} prévus. Leur accès est coupé ; rien n'est effacé tant que vous n'avez pas décidé.`,
      "Confirmez si c'était voulu. Sinon, annulez : chacun retrouve son statut, ses groupes et, si possible, sa place.",
    ],
  }),
  blocked: ({ connection, threshold }, o) => ({
    subject: `Départs en masse bloqués dans ${o}`,
    paragraphs: [
      `« ${connection} » veut retirer plus de ${threshold} membres en une heure. Les suivants sont refusés jusqu'à votre décision.`,
      "Confirmez si c'est voulu : votre fournisseur d'identité répétera ses demandes. Sinon, corrigez-le, puis annulez ce qui a déjà été fait.",
    ],
  }),
  left_behind: ({ connection, members }, o) => ({
    subject: `Que deviennent les membres de « ${connection} » ?`,
    paragraphs: [
      `« ${connection} » ne provisionne plus ${o}. Ses ${members} membres restent tels quels, avec leur place.`,
      "Choisissez : les garder comme membres locaux, ou les désactiver.",
    ],
  }),
};

const en: Texts = {
  alerted: ({ connection, hits, threshold }, o) => ({
    subject: `${hits} members left ${o} within an hour`,
    paragraphs: [
      `“${connection}” took ${hits} members out within an hour, more than the expected ${threshold}. Their access has ended; nothing is erased before you decide.`,
      "Confirm if it was meant. Otherwise undo it: everybody gets back their state, their groups and, where one is free, their seat.",
    ],
  }),
  blocked: ({ connection, threshold }, o) => ({
    subject: `A mass departure from ${o} is blocked`,
    paragraphs: [
      `“${connection}” wants to take more than ${threshold} members out within an hour. Further ones are refused until you decide.`,
      "Confirm if it is meant: your identity provider will repeat its requests. Otherwise mend it there, then undo what was done already.",
    ],
  }),
  left_behind: ({ connection, members }, o) => ({
    subject: `What becomes of the members of “${connection}”?`,
    paragraphs: [
      `“${connection}” provisions ${o} no more. Its ${members} members stay as they are, with their seats.`,
      "Choose: keep them as local members, or deactivate them.",
    ],
  }),
};

const frame: Readonly<Record<Locale, Pick<LetterText, "greeting" | "action" | "closing">>> = {
  fr: {
    greeting: "Bonjour,",
    action: "Ouvrir l'administration",
    closing: "Ce message est envoyé aux administrateurs de l'organisation.",
  },
  en: {
    greeting: "Hello,",
    action: "Open the administration",
    closing: "This message goes to the administrators of the organization.",
  },
};
const texts: Readonly<Record<Locale, Texts>> = { fr, en };

/** Writes to the owners and administrators, in the transaction that brought the news about. */
export async function tellOfRun<K extends keyof News>(tx: Tx, kind: K, facts: News[K]): Promise<void> {
  const { name, locale } = await loadOrganization(tx);
  const words = texts[locale][kind](facts, name);
  const mail = letter(locale, { ...frame[locale], ...words }, tx.instance.publicUrl);
  for (const { email } of await listRecipients(tx, ["OWNER", "ADMIN"])) {
    await keepMail(tx, { to: email, ...mail }, null);
  }
}
