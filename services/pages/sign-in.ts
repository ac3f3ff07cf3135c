import { Router, type Request, type Response } from "express";
import { PlenumError } from "../kernel/errors";
import { readEmail } from "../kernel/email";
import { parseId, publicId } from "../kernel/ids";
import { discoverConnection, lookAtSignInLink, sendSignInLink, signInByLink } from "../domain/identity";
import { cookieStyle, setCookie } from "../platform/cookies";
import { countHit } from "../platform/lobby";
import { html, sendPage } from "../platform/page";
import type { PagesContext } from "./context";
import { field, isOwnForm, originOf, pageLocale } from "./request";
import { words } from "./words";

/** Starts per address of the network in ten minutes: a whole company sits behind one (ruling 13). */
const startsPerWindowMax = 300;
const windowSeconds = 600;
const sessionSeconds = 12 * 60 * 60;

/** Sign-in by one-time e-mail link, and the way to the organization's own identity provider. */
export function signInRouter({ db, publicUrl }: PagesContext): Router {
  const router = Router();
  const style = cookieStyle(publicUrl);

  router.get("/sign-in", (req, res) => {
    const locale = pageLocale(req);
    const w = words[locale];
    const body = html`<p>${w.signInIntro}</p>
      <form method="post" action="/sign-in">
        <label for="email">${w.email}</label>
        <input id="email" name="email" type="email" autocomplete="email" required autofocus />
        <button>${w.sendLink}</button>
      </form>`;
    sendPage(res, 200, { locale, title: w.signInTitle, body });
  });

  router.post("/sign-in", async (req, res) => {
    requireOwnForm(req, publicUrl);
    const locale = pageLocale(req);
    const w = words[locale];
    if ((await countHit(db, `sign-in/${req.ip ?? ""}`, windowSeconds)) > startsPerWindowMax) {
      throw new PlenumError("rate_limited", "too many sign-ins from this network; try again in ten minutes", {});
    }
    const email = readEmail(field(req, "email") ?? "");
    if (email) await sendSignInLink(db, email, locale);
    sendPage(res, 202, { locale, title: w.linkSentTitle, body: html`<p>${w.linkSent}</p>` });
  });

  router.get("/sign-in/:secret", async (req, res) => {
    // Only links that the operator printed sign in at once: mail scanners follow what stands in a mail.
    if (req.query.now === "1") return enter(req, res, undefined);
    const locale = pageLocale(req);
    const w = words[locale];
    const choices = await lookAtSignInLink(db, req.params.secret, originOf(req, res));
    const buttons = choices.map(
      (choice) =>
        html`<button name="organization" value="${publicId("organization", choice.orgId)}">
          ${w.enter}: ${choice.organization}
        </button>`,
    );
    const body = html`<form method="post" action="/sign-in/${req.params.secret}">${buttons}</form>`;
    const title = choices.length > 1 ? w.chooseTitle : w.signInTitle;
    sendPage(res, 200, { locale, title, body });
  });

  router.post("/sign-in/:secret", async (req, res) => {
    requireOwnForm(req, publicUrl);
    await enter(req, res, field(req, "organization"));
  });

  router.get("/sso", async (req, res) => {
    const email = readEmail(typeof req.query.email === "string" ? req.query.email : "");
    const connectionId = email && (await discoverConnection(db, email, originOf(req, res)));
    const loginUrl = connectionId && `${publicUrl}/saml/${publicId("connection", connectionId)}/login`;
    res.set("Cache-Control", "no-store");
    if (req.accepts(["html", "json"]) === "json") {
      res.status(loginUrl ? 200 : 404).json(loginUrl ? { loginUrl } : { error: { code: "not_found" } });
    } else if (loginUrl) {
      res.redirect(303, loginUrl);
    } else {
      const locale = pageLocale(req);
      const w = words[locale];
      const body = html`<p>${w.noSso}</p>
        <p><a class="button" href="/sign-in">${w.signInTitle}</a></p>`;
      sendPage(res, 404, { locale, title: w.noSsoTitle, body });
    }
  });

  async function enter(req: Request, res: Response, organization: string | undefined): Promise<void> {
    const orgId = organization === undefined ? {} : { orgId: parseId("organization", organization) };
    const session = await signInByLink(db, { secret: String(req.params.secret), ...orgId }, originOf(req, res));
    res.append("Set-Cookie", setCookie(style, "session", session.secret, sessionSeconds));
    res.set({ "Cache-Control": "no-store", "Referrer-Policy": "no-referrer" }).redirect(303, "/");
  }

  return router;
}

/** @throws PlenumError `forbidden` for a form that another site posts. */
export function requireOwnForm(req: Request, publicUrl: string): void {
  if (!isOwnForm(req, publicUrl)) throw new PlenumError("forbidden", "this form was sent from another site", {});
}
