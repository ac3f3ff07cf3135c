import type { Request, Response } from "express";
import type { ShownLink } from "../domain/identity";
import { html, localeOf, sendPage, type PageLocale } from "../platform/page";

interface Words {
  readonly title: string;
  readonly intro: string;
  readonly account: string;
  readonly organization: string;
  readonly identity: string;
  readonly confirm: string;
  readonly link: string;
  readonly letter: string;
  readonly sendLetter: string;
  readonly signInFirst: string;
  readonly signIn: string;
  readonly notMe: string;
  readonly administrator: string;
  readonly linkedTitle: string;
  readonly linked: string;
  readonly sentTitle: string;
  readonly sent: string;
}

const words: Readonly<Record<PageLocale, Words>> = {
  fr: {
    title: "Ce compte est-il le vôtre ?",
    intro:
      "Votre fournisseur d'identité vous a reconnu, et un membre de cette organisation a déjà votre adresse. Tant que vous ne l'avez pas prouvé, rien n'est ouvert.",
    account: "Compte",
    organization: "Organisation",
    identity: "Identité",
    confirm: "En continuant, cette identité ouvrira désormais ce compte.",
    link: "Relier cette identité à mon compte",
    letter: "Nous écrivons à l'adresse de ce compte. Ouvrez la lettre dans ce navigateur.",
    sendLetter: "Recevoir la lettre",
    signInFirst: "Connectez-vous d'abord à ce compte dans ce navigateur, puis revenez sur cette page.",
    signIn: "Se connecter",
    notMe: "Ce n'est pas moi",
    administrator:
      "Un administrateur doit d'abord confirmer que ce compte est le vôtre. Vous recevrez un message dès que c'est fait ; d'ici là, rien n'est ouvert.",
    linkedTitle: "Identité reliée",
    linked:
      "Cette identité ouvre désormais votre compte. Votre fournisseur d'identité vous y fait entrer ; s'il ne s'affiche pas, continuez ici.",
    sentTitle: "Consultez votre messagerie",
    sent: "Une lettre vient de partir à l'adresse de ce compte. Ouvrez-la dans ce navigateur : ailleurs, son lien ne fonctionne pas.",
  },
  en: {
    title: "Is this account yours?",
    intro:
      "Your identity provider knows you, and a member of this organization has your address already. Until you have proved that it is you, nothing is open.",
    account: "Account",
    organization: "Organization",
    identity: "Identity",
    confirm: "If you go on, this identity opens this account from now on.",
    link: "Link this identity to my account",
    letter: "We write to the address of this account. Open the letter in this browser.",
    sendLetter: "Send me the letter",
    signInFirst: "Sign in to this account in this browser first, then come back to this page.",
    signIn: "Sign in",
    notMe: "This is not me",
    administrator:
      "An administrator has to confirm first that this account is yours. You get a message as soon as that is done; until then nothing is open.",
    linkedTitle: "Identity linked",
    linked:
      "This identity opens your account from now on. Your identity provider lets you in; if it does not appear, go on here.",
    sentTitle: "Check your mailbox",
    sent: "A letter is on its way to the address of this account. Open it in this browser: elsewhere its link does not work.",
  },
};

/** Shows whom a link means, and what the person can do about it. */
export function sendLink(req: Request, res: Response, link: ShownLink): void {
  const locale = localeOf(req.get("accept-language"));
  const w = words[locale];
  const body = html`<p>${link.next === "ADMINISTRATOR" ? w.administrator : w.intro}</p>
    <dl>
      <dt>${w.account}</dt>
      <dd>${link.email}</dd>
      <dt>${w.organization}</dt>
      <dd>${link.organization}</dd>
      <dt>${w.identity}</dt>
      <dd>${link.identity}</dd>
    </dl>
    ${stepOf(link, w)}
    <p><a class="button quiet" href="/">${w.notMe}</a></p>`;
  sendPage(res, 200, { locale, title: w.title, body });
}

/**
 * The identity is linked, and the browser goes on to sign in by it. Not by a redirect: that would end at the identity
 * provider, and the answer to a form is held to the `form-action` of the page that posted it, which names us alone.
 */
export function sendLinked(req: Request, res: Response, signInUrl: string): void {
  const locale = localeOf(req.get("accept-language"));
  const w = words[locale];
  res.set("Refresh", `0; url=${signInUrl}`);
  const body = html`<p>${w.linked}</p>
    <p><a class="button" href="${signInUrl}">${w.signIn}</a></p>`;
  sendPage(res, 200, { locale, title: w.linkedTitle, body });
}

/** A letter is on its way. */
export function sendLetterNote(req: Request, res: Response): void {
  const locale = localeOf(req.get("accept-language"));
  const w = words[locale];
  sendPage(res, 202, { locale, title: w.sentTitle, body: html`<p>${w.sent}</p>` });
}

function stepOf({ next, id }: ShownLink, w: Words) {
  switch (next) {
    case "CONFIRM":
      // To the address of this page: it may be the letter's, whose secret is the proof.
      return html`<p>${w.confirm}</p>
        <form method="post"><button>${w.link}</button></form>`;
    case "ASK_LETTER":
      return html`<p>${w.letter}</p>
        <form method="post" action="${id}/letter"><button>${w.sendLetter}</button></form>`;
    case "SIGN_IN":
      return html`<p>${w.signInFirst}</p>
        <p><a class="button" href="/sign-in">${w.signIn}</a></p>`;
    case "ADMINISTRATOR":
      return html``;
  }
}
