import { Router, type Request, type Response } from "express";
import { PlenumError } from "../kernel/errors";
import { readEmail } from "../kernel/email";
import { parseId, publicId } from "../kernel/ids";
import {
  discoverConnections,
  discoverOrganization,
  lookAtSignInLink,
  sendSignInLink,
  signInByLink,
  type SignInConnection,
} from "../domain/identity";
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
    const buttons = choices.map((choice) =>
      choice.ssoRequired
        ? html`<p><strong>${choice.organization}</strong> ${w.ssoRequired}</p>
            <p><a class="button" href="/login/${choice.slug}">${w.signInSso}</a></p>`
        : html`<button name="organization" value="${publicId("organization", choice.orgId)}">
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
    const connections = email ? await discoverConnections(db, email, originOf(req, res)) : [];
    const [first] = connections;
    const loginUrl = first && loginUrlOf(first);
    res.set("Cache-Control", "no-store");
    if (req.accepts(["html", "json"]) === "json") {
      res.status(loginUrl ? 200 : 404).json(loginUrl ? { loginUrl } : { error: { code: "not_found" } });
    } else if (connections.length > 1) {
      chooser(req, res, connections);
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

  // For organizations without a domain, and for those whose domain leads to several identity providers (SAML-77, 78).
  router.get("/login/:organization", async (req, res) => {
    const connections = await discoverOrganization(db, req.params.organization, originOf(req, res));
    const [only] = connections;
    res.set("Cache-Control", "no-store");
    if (only && connections.length === 1) return res.redirect(303, loginUrlOf(only));
    if (connections.length === 0) return res.redirect(303, "/sign-in");
    return chooser(req, res, connections);
  });

  function loginUrlOf({ id }: SignInConnection): string {
    return `${publicUrl}/saml/${publicId("connection", id)}/login`;
  }

  function chooser(req: Request, res: Response, connections: readonly SignInConnection[]): void {
    const locale = pageLocale(req);
    const links = connections.map(
      (connection) => html`<p><a class="button" href="${loginUrlOf(connection)}">${connection.name}</a></p>`,
    );
    sendPage(res, 200, { locale, title: words[locale].chooseConnectionTitle, body: html`${links}` });
  }

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
