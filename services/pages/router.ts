import { Router, urlencoded, type NextFunction, type Request, type Response } from "express";
import { PlenumError } from "../kernel/errors";
import { html, sendPage } from "../platform/page";
import { breakGlassRouter } from "./break-glass";
import type { PagesContext } from "./context";
import { pageStatus } from "./errors";
import { invitationRouter } from "./invitation";
import { originOf, pageLocale } from "./request";
import { securityRouter } from "./security";
import { sessionRouter } from "./session";
import { signInRouter } from "./sign-in";
import { words } from "./words";

/** The pages that people see outside the console: sign-in, invitation, session, front page. */
export function pagesDoor(context: PagesContext): Router {
  const router = Router();
  router.use(urlencoded({ extended: false, limit: "16kb", parameterLimit: 20 }));
  router.use(signInRouter(context), invitationRouter(context), sessionRouter(context));
  router.use(breakGlassRouter(context), securityRouter(context));
  router.use((error: unknown, req: Request, res: Response, next: NextFunction) => {
    if (error instanceof PlenumError) refuse(error, req, res);
    else next(error);
  });
  return router;
}

function refuse(error: PlenumError, req: Request, res: Response): void {
  const status = pageStatus[error.code];
  const { requestId } = originOf(req, res);
  if (req.path.startsWith("/session") || req.accepts(["html", "json"]) === "json") {
    res
      .set("Cache-Control", "no-store")
      .status(status)
      .json({ error: { code: error.code, message: error.message, requestId } });
    return;
  }
  const locale = pageLocale(req);
  const w = words[locale];
  const badLink = error.code === "invalid_token";
  const stale = error.facts["reason"] === "reauthentication_required";
  const { reauthUrl } = error.facts;
  const body = stale
    ? html`<p>${w.reauthenticate}</p>
        <p><a class="button" href="${typeof reauthUrl === "string" ? reauthUrl : "/sign-in"}">${w.signInTitle}</a></p>`
    : badLink
      ? html`<p>${w.badLink}</p>
          <p><a class="button" href="/sign-in">${w.newLink}</a></p>`
      : html`<p class="small">${w.reference} <code>${error.code} ${requestId}</code></p>`;
  sendPage(res, status, { locale, title: badLink ? w.badLinkTitle : w.errorTitle, body });
}
