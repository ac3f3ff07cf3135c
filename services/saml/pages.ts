import type { Request, Response } from "express";
import { requestIdOf } from "../platform/http/request";
import { html, localeOf, sendPage } from "../platform/page";
import type { ShownRefusal } from "./errors";
import { generalWords, wordsFor } from "./words";

/**
 * A refusal for people: what to do, a stable code and the number under which the administrator finds the rest. Nothing
 * of the message itself, no expected value, no certificate (SAML-99).
 */
export function sendRefusal(req: Request, res: Response, refusal: ShownRefusal, loginUrl: string | undefined): void {
  const locale = localeOf(req.get("accept-language"));
  const words = wordsFor(locale, refusal.page);
  const again = refusal.page === "again" && loginUrl !== undefined;
  // Whose proof is too old goes where they are asked again, not only recognised (SAML-21).
  const stale = refusal.code === "reauthentication_required" || refusal.code === "authn_too_long_ago";
  const button = again
    ? html`<p><a class="button" href="${loginUrl}${stale ? "?reauth=1" : ""}">${words.signIn}</a></p>`
    : html``;
  const body = html`<p>${words.text}</p>
    ${button}
    <p class="small">${words.reference} <code>${refusal.code}</code> <code>${requestIdOf(res)}</code></p>`;
  if (refusal.page === "busy") res.set("Retry-After", "5");
  sendPage(res, refusal.status, { locale, title: words.title, body });
}

/** Sends the browser to the identity provider with a form, where it takes no redirect; a button where no script runs. */
export function sendPostForm(
  req: Request,
  res: Response,
  address: string,
  fields: Readonly<Record<string, string>>,
): void {
  const locale = localeOf(req.get("accept-language"));
  const words = generalWords(locale);
  const inputs = Object.entries(fields).map(
    ([name, value]) => html`<input type="hidden" name="${name}" value="${value}" />`,
  );
  const body = html`<form method="post" action="${address}">${inputs}<button>${words.continue}</button></form>`;
  sendPage(res, 200, { locale, title: words.forwarding, body, autoSubmit: true, formAction: onFrom(address) });
}

/**
 * Sends the browser on by a form of its own, after a post: a redirect would be held to the `form-action` of the page
 * that posted, which names us alone. The query survives as hidden fields; its characters have one spelling only.
 */
export function sendOnward(req: Request, res: Response, address: string): void {
  const url = new URL(address);
  const locale = localeOf(req.get("accept-language"));
  const words = generalWords(locale);
  const inputs = [...url.searchParams].map(
    ([name, value]) => html`<input type="hidden" name="${name}" value="${value}" />`,
  );
  const body = html`<form method="get" action="${url.origin + url.pathname}">
    ${inputs}<button>${words.continue}</button>
  </form>`;
  sendPage(res, 200, { locale, title: words.forwarding, body, autoSubmit: true, formAction: onFrom(address) });
}

// Identity providers that stand before others redirect to them at once, and a browser holds every hop of a form to the
// policy of the page that sent it (measured with Chromium).
function onFrom(address: string): string {
  return `${new URL(address).origin} https:`;
}

/** The end of a sign-out, told as it is (SAML-90). */
export function sendSignedOut(req: Request, res: Response, { complete }: { complete: boolean }): void {
  const locale = localeOf(req.get("accept-language"));
  const words = generalWords(locale);
  const body = html`<p>${complete ? words.signedOut : words.signedOutHere}</p>
    <p><a class="button quiet" href="/">${words.continue}</a></p>`;
  sendPage(res, 200, { locale, title: words.signedOutTitle, body });
}

/** Asks before an unsolicited sign-in goes on: whoever was sent here unawares sees whose account it would be (SAML-56). */
export function sendOffer(
  req: Request,
  res: Response,
  offer: { person: string; organization: string; code: string },
): void {
  const locale = localeOf(req.get("accept-language"));
  const words = generalWords(locale);
  const body = html`<p>${words.offer}</p>
    <dl>
      <dt>${words.account}</dt>
      <dd>${offer.person}</dd>
      <dt>${words.organization}</dt>
      <dd>${offer.organization}</dd>
    </dl>
    <form method="post" action="complete">
      <input type="hidden" name="code" value="${offer.code}" /><button>${words.continue}</button>
    </form>
    <p><a class="button quiet" href="/">${words.notMe}</a></p>`;
  sendPage(res, 200, { locale, title: words.offerTitle, body });
}
