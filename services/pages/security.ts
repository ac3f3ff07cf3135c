import { Router, type Request, type Response } from "express";
import { parseId, publicId } from "../kernel/ids";
import {
  beginAuthenticator,
  beginPasskey,
  entranceOf,
  finishAuthenticator,
  finishPasskey,
  listCredentials,
  removeCredential,
  unauthenticated,
  type PasskeyRegistration,
} from "../domain/identity";
import { cookieStyle, readCookie } from "../platform/cookies";
import { html, sendPage } from "../platform/page";
import type { Entrance } from "../platform/tx";
import { readJson } from "./break-glass";
import type { PagesContext } from "./context";
import { passkeyScript } from "./passkey-script";
import { field, originOf, pageLocale } from "./request";
import { requireOwnForm } from "./sign-in";
import { words } from "./words";

/** Where an owner registers, signed in, what opens the emergency access later (ruling 8). */
export function securityRouter({ db, publicUrl }: PagesContext): Router {
  const router = Router();
  const style = cookieStyle(publicUrl);

  router.get("/security", async (req, res) => {
    const locale = pageLocale(req);
    const w = words[locale];
    const all = await db.run(entrance(req, res), (tx) => listCredentials(tx, {}));
    const kept = all.filter((credential) => credential.kind !== "RECOVERY" && credential.confirmedAt);
    const codes = all.filter((credential) => credential.kind === "RECOVERY" && !credential.usedAt).length;
    const rows = kept.map(
      (credential) =>
        html`<dt>${credential.kind === "PASSKEY" ? w.passkey : w.authenticator}</dt>
          <dd>
            ${credential.label}
            <form method="post" action="/security/remove">
              <button class="quiet" name="id" value="${publicId("credential", credential.id)}">${w.remove}</button>
            </form>
          </dd>`,
    );
    const list = kept.length === 0 ? html`<p>${w.noCredential}</p>` : html`<dl>${rows}</dl>`;
    const body = html`<p>${w.securityIntro}</p>
      ${list}
      <p class="small">${codes} ${w.recoveryLeft}</p>
      <form method="post" action="/security/passkey" data-passkey="/security/passkey/question">
        <label for="passkey">${w.label}</label>
        <input id="passkey" name="label" maxlength="80" required />
        <input type="hidden" name="response" />
        <button>${w.addPasskey}</button>
      </form>
      <form method="post" action="/security/authenticator">
        <label for="authenticator">${w.label}</label>
        <input id="authenticator" name="label" maxlength="80" required />
        <button>${w.addAuthenticator}</button>
      </form>`;
    sendPage(res, 200, { locale, title: w.securityTitle, body, script: passkeyScript });
  });

  router.post("/security/passkey/question", async (req, res) => {
    requireOwnForm(req, publicUrl);
    const options = await db.run(entrance(req, res), (tx) => beginPasskey(tx, {}));
    res.set("Cache-Control", "no-store").json(options);
  });

  router.post("/security/passkey", async (req, res) => {
    requireOwnForm(req, publicUrl);
    const response = readJson<PasskeyRegistration>(field(req, "response") ?? "");
    await db.run(entrance(req, res), (tx) => finishPasskey(tx, { response, label: field(req, "label") ?? "" }));
    res.redirect(303, "/security");
  });

  router.post("/security/authenticator", async (req, res) => {
    requireOwnForm(req, publicUrl);
    const locale = pageLocale(req);
    const w = words[locale];
    const setup = await db.run(entrance(req, res), (tx) =>
      beginAuthenticator(tx, { label: field(req, "label") ?? "" }),
    );
    const body = html`<p>${w.authenticatorSecret} <code>${setup.secret}</code></p>
      <p class="small"><code>${setup.uri}</code></p>
      <form method="post" action="/security/authenticator/confirm">
        <label for="code">${w.code}</label>
        <input id="code" name="code" inputmode="numeric" autocomplete="one-time-code" required autofocus />
        <button>${w.confirm}</button>
      </form>`;
    sendPage(res, 200, { locale, title: w.authenticatorTitle, body });
  });

  router.post("/security/authenticator/confirm", async (req, res) => {
    requireOwnForm(req, publicUrl);
    const locale = pageLocale(req);
    const w = words[locale];
    const made = await db.run(entrance(req, res), (tx) => finishAuthenticator(tx, { code: field(req, "code") ?? "" }));
    const codes = made.recoveryCodes.map((code) => html`<p><code>${code}</code></p>`);
    const body = html`<p>${w.recoveryIntro}</p>
      ${codes}
      <p><a class="button" href="/security">${w.continue}</a></p>`;
    sendPage(res, 200, { locale, title: w.recoveryTitle, body });
  });

  router.post("/security/remove", async (req, res) => {
    requireOwnForm(req, publicUrl);
    const id = parseId("credential", field(req, "id") ?? "");
    await db.run(entrance(req, res), (tx) => removeCredential(tx, { id }));
    res.redirect(303, "/security");
  });

  // The cookie only: a credential is a person's, and a bearer token is none.
  function entrance(req: Request, res: Response): Entrance {
    const secret = readCookie(style, "session", req.get("cookie"));
    const found = secret === undefined ? undefined : entranceOf(secret, originOf(req, res));
    if (!found) throw unauthenticated();
    return found;
  }

  return router;
}
