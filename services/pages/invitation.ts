import { Router, type Request, type Response } from "express";
import { PlenumError } from "../kernel/errors";
import { publicOf } from "../domain/access";
import { startLoginSession } from "../domain/identity";
import { acceptInvitation, declineInvitation, showInvitation } from "../domain/members";
import { loadOrganization } from "../domain/organizations";
import type { Caller } from "../platform/caller";
import { cookieStyle, setCookie } from "../platform/cookies";
import { html, sendPage } from "../platform/page";
import { readSecret } from "../platform/secrets";
import type { PagesContext } from "./context";
import { originOf, pageLocale } from "./request";
import { requireOwnForm } from "./sign-in";
import { words } from "./words";

const sessionSeconds = 12 * 60 * 60;

/** The page behind the link of an invitation: looking uses nothing, answering uses it once. */
export function invitationRouter({ db, publicUrl }: PagesContext): Router {
  const router = Router();
  const style = cookieStyle(publicUrl);

  router.get("/invitation/:secret", async (req, res) => {
    const locale = pageLocale(req);
    const w = words[locale];
    const { secret } = req.params;
    const name = await db.run(visitor(req, res), async (tx) => {
      await showInvitation(tx, { secret });
      return (await loadOrganization(tx)).name;
    });
    const body = html`<p><strong>${name}</strong> ${w.invitation}</p>
      <form method="post" action="/invitation/${secret}">
        <button name="answer" value="accept">${w.accept}</button>
        <button class="quiet" name="answer" value="decline">${w.decline}</button>
      </form>`;
    sendPage(res, 200, { locale, title: w.invitationTitle, body });
  });

  router.post("/invitation/:secret", async (req, res) => {
    requireOwnForm(req, publicUrl);
    const { secret } = req.params;
    const body = req.body as { answer?: unknown } | undefined;
    if (body?.answer === "decline") {
      await db.run(visitor(req, res), (tx) => declineInvitation(tx, { secret }));
      const locale = pageLocale(req);
      const w = words[locale];
      return sendPage(res, 200, { locale, title: w.declinedTitle, body: html`<p>${w.declined}</p>` });
    }
    const session = await db.run(visitor(req, res), async (tx) => {
      const member = await acceptInvitation(tx, { secret });
      return startLoginSession(tx, { memberId: member.id, method: "LINK" });
    });
    res.append("Set-Cookie", setCookie(style, "session", session.secret, sessionSeconds));
    res.set("Cache-Control", "no-store").redirect(303, "/");
  });

  return router;
}

// The link says whose visitor this is; whether it is good is found inside that tenant.
function visitor(req: Request, res: Response): Caller {
  const secret = readSecret(String(req.params.secret));
  if (secret?.kind !== "invitation")
    throw new PlenumError("invalid_token", "this link is unknown, used or expired", {});
  return publicOf(secret.orgId, originOf(req, res));
}
