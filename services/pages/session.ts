import { Router, type Request, type Response } from "express";
import { PlenumError } from "../kernel/errors";
import { publicId } from "../kernel/ids";
import { endLoginSession, entranceOf, unauthenticated, type PersonEntrance } from "../domain/identity";
import { getOrganization } from "../domain/organizations";
import { clearCookie, cookieStyle, readCookie } from "../platform/cookies";
import { html, sendPage } from "../platform/page";
import type { PagesContext } from "./context";
import { originOf, pageLocale } from "./request";
import { requireOwnForm } from "./sign-in";
import { words } from "./words";

/** `GET /session` (who am I), `DELETE /session` (sign out) and the front page. */
export function sessionRouter(context: PagesContext): Router {
  const router = Router();
  const style = cookieStyle(context.publicUrl);

  router.get("/session", async (req, res) => {
    res.set("Cache-Control", "no-store").json(await whoAmI(context, entrance(req, res)));
  });

  router.delete("/session", async (req, res) => {
    requireOwnForm(req, context.publicUrl);
    await signOut(req, res);
    res.set("Cache-Control", "no-store").status(204).end();
  });

  router.post("/session/end", async (req, res) => {
    requireOwnForm(req, context.publicUrl);
    await signOut(req, res);
    res.redirect(303, "/sign-in");
  });

  router.get("/", async (req, res) => {
    const locale = pageLocale(req);
    const w = words[locale];
    // Nobody, or somebody whose session has ended: the front page is for them, too.
    const who = await visitor(req, res).catch((error: unknown) => {
      if (error instanceof PlenumError) return undefined;
      throw error;
    });
    const body = who
      ? html`<p>${w.homeSignedIn}</p>
          <dl>
            <dt>${w.organization}</dt>
            <dd>${who.organization.name} <code>${who.organization.slug}</code></dd>
            <dt>${w.role}</dt>
            <dd>${w[`role${who.role}`]}</dd>
          </dl>
          ${who.role === "OWNER" ? html`<p><a href="/security">${w.securityTitle}</a></p>` : html``}
          <form method="post" action="/session/end"><button class="quiet">${w.signOut}</button></form>`
      : html`<p>${w.homeSignedOut}</p>
          <p><a class="button" href="/sign-in">${w.signInTitle}</a></p>`;
    sendPage(res, 200, { locale, title: w.homeTitle, body });
  });

  async function visitor(req: Request, res: Response) {
    return whoAmI(context, entrance(req, res));
  }

  function entrance(req: Request, res: Response): PersonEntrance {
    const bearer = /^Bearer (\S+)$/i.exec(req.get("authorization") ?? "")?.[1];
    const text = bearer ?? readCookie(style, "session", req.get("cookie"));
    const found = text === undefined ? undefined : entranceOf(text, originOf(req, res));
    if (!found) throw unauthenticated();
    return found;
  }

  async function signOut(req: Request, res: Response): Promise<void> {
    res.append("Set-Cookie", clearCookie(style, "session"));
    const open = entrance(req, res);
    await context.db.run(open, async (tx) => {
      if (tx.caller.kind === "person") {
        await endLoginSession(tx, { id: tx.caller.sessionId, reason: "SIGNED_OUT" });
      }
    });
  }

  return router;
}

async function whoAmI({ db }: PagesContext, entrance: PersonEntrance) {
  return db.run(entrance, async (tx) => {
    const { caller } = tx;
    if (caller.kind !== "person" && caller.kind !== "token") throw unauthenticated();
    const { orgId, name, slug, locale } = await getOrganization(tx);
    return {
      person: caller.kind === "person" && caller.personId ? publicId("person", caller.personId) : null,
      member: caller.memberId ? publicId("member", caller.memberId) : null,
      organization: { id: publicId("organization", orgId), name, slug, locale },
      role: caller.role,
      permissions: [...caller.permissions].sort(),
      expiresAt: entrance.session ? earlier(entrance.session.idleUntil, entrance.session.endsAt).toISOString() : null,
    };
  });
}

function earlier(a: Date, b: Date): Date {
  return a < b ? a : b;
}
