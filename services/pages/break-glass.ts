import { Router, type Request, type Response } from "express";
import { PlenumError } from "../kernel/errors";
import { beginBreakGlass, breakGlass, type BreakGlassProof, type PasskeyAssertion } from "../domain/identity";
import { cookieStyle, setCookie } from "../platform/cookies";
import { html, sendPage } from "../platform/page";
import type { PagesContext } from "./context";
import { passkeyScript } from "./passkey-script";
import { field, originOf, pageLocale } from "./request";
import { requireOwnForm } from "./sign-in";
import { words } from "./words";

const sessionSeconds = 60 * 60;

/** The owners' way in when their identity provider does not work (SAML-83). */
export function breakGlassRouter({ db, publicUrl }: PagesContext): Router {
  const router = Router();
  const style = cookieStyle(publicUrl);

  router.get("/break-glass", (req, res) => {
    const locale = pageLocale(req);
    const w = words[locale];
    const body = html`<p>${w.breakGlassIntro}</p>
      <form method="post" action="/break-glass" data-passkey="/break-glass/question">
        <label for="organization">${w.organizationSlug}</label>
        <input id="organization" name="organization" required />
        <input type="hidden" name="response" />
        <button>${w.usePasskey}</button>
      </form>
      <form method="post" action="/break-glass">
        <label for="slug">${w.organizationSlug}</label>
        <input id="slug" name="organization" required />
        <label for="email">${w.email}</label>
        <input id="email" name="email" type="email" autocomplete="email" required />
        <label for="code">${w.code}</label>
        <input id="code" name="code" inputmode="numeric" autocomplete="one-time-code" required />
        <label for="recovery">${w.recoveryCode}</label>
        <input id="recovery" name="recoveryCode" autocomplete="off" required />
        <button>${w.enterByCodes}</button>
      </form>`;
    sendPage(res, 200, { locale, title: w.breakGlassTitle, body, script: passkeyScript });
  });

  router.post("/break-glass/question", async (req, res) => {
    requireOwnForm(req, publicUrl);
    const organization = field(req, "organization") ?? "";
    res.set("Cache-Control", "no-store").json(await beginBreakGlass(db, { organization }, originOf(req, res)));
  });

  router.post("/break-glass", async (req, res) => {
    requireOwnForm(req, publicUrl);
    await enter(req, res);
  });

  async function enter(req: Request, res: Response): Promise<void> {
    const organization = field(req, "organization") ?? "";
    const session = await breakGlass(db, { organization, proof: proofIn(req) }, originOf(req, res));
    res.append("Set-Cookie", setCookie(style, "session", session.secret, sessionSeconds));
    res.set({ "Cache-Control": "no-store", "Referrer-Policy": "no-referrer" }).redirect(303, "/");
  }

  return router;
}

function proofIn(req: Request): BreakGlassProof {
  const response = field(req, "response");
  if (response) return { kind: "passkey", response: readJson<PasskeyAssertion>(response) };
  return {
    kind: "codes",
    email: field(req, "email") ?? "",
    code: field(req, "code") ?? "",
    recoveryCode: field(req, "recoveryCode") ?? "",
  };
}

/**
 * An answer of the browser; what is in it is checked where it is verified.
 * @throws PlenumError `invalid`.
 */
export function readJson<T extends object>(text: string): T {
  try {
    const parsed: unknown = JSON.parse(text);
    if (parsed !== null && typeof parsed === "object") return parsed as T;
  } catch {
    // told below
  }
  throw new PlenumError("invalid", "response: expected the answer of a passkey", { field: "response" });
}
