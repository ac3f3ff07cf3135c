import { Router, text, type Request, type Response } from "express";
import {
  confirmLink,
  refuseSignIn,
  sendLinkLetter,
  showLink,
  type LinkRef,
  type SamlConnection,
} from "../domain/identity";
import { PlenumError } from "../kernel/errors";
import { publicId, readId, type ConnectionId, type IdentityLinkId } from "../kernel/ids";
import { cookieStyle, readCookie } from "../platform/cookies";
import { isOwnForm } from "../platform/http/own-form";
import { originOf } from "../platform/http/request";
import type { Tx } from "../platform/unit-of-work";
import { keptBrowser, returningBrowser } from "./browser";
import type { Snapshot } from "./connections";
import type { SamlContext } from "./context";
import { shownError } from "./errors";
import { bodyBytesMax } from "./form";
import { sendLetterNote, sendLink, sendLinked } from "./link-page";
import { siblingUrl } from "./urls";

/** Longer than a link waits for its member's own hand. */
const browserSeconds = 2 * 60 * 60;

type Find = (req: Request, res: Response, operation: string) => Promise<Snapshot>;

/** Where a link of an identity waits, in the browser that brought it about. */
export function linkUrl(connection: Pick<SamlConnection, "urls">, id: IdentityLinkId): string {
  return `${siblingUrl(connection, "link")}/${publicId("identityLink", id)}`;
}

/**
 * `/saml/{connection}/link/{id or secret of the letter}`: the person whom an identity provider vouches for says that
 * the member is they, or hears that an administrator comes first (SAML-62). Looking changes nothing.
 */
export function linkRouter(context: SamlContext, find: Find): Router {
  const { db, connections, publicUrl } = context;
  const router = Router();
  const style = cookieStyle(publicUrl);
  const form = text({ type: "application/x-www-form-urlencoded", limit: bodyBytesMax, inflate: false });

  const run = async <T>(
    req: Request,
    res: Response,
    snapshot: Snapshot,
    work: (tx: Tx, link: LinkRef) => Promise<T>,
  ): Promise<T> => {
    const connectionId = snapshot.connection.id;
    const link = refOf(req, connectionId);
    return db.run(connections.caller(snapshot, originOf(req, res)), (tx) => work(tx, link), {
      aftermath: (tx, refusal) => refuseSignIn(tx, trail(connectionId, refusal)),
    });
  };

  router.get("/saml/:connection/link/:link", async (req, res) => {
    const snapshot = await find(req, res, "link");
    const shown = await run(req, res, snapshot, showLink);
    const kept = keptBrowser(style, req.get("cookie"), browserSeconds);
    if (kept !== undefined) res.append("Set-Cookie", kept);
    sendLink(req, res, shown);
  });

  router.post("/saml/:connection/link/:link", form, async (req, res) => {
    const snapshot = await find(req, res, "link");
    requireOwn(req);
    const { returnPath } = await run(req, res, snapshot, confirmLink);
    // The identity provider vouches once more: a link signs nobody in.
    const query = new URLSearchParams({ RelayState: returnPath });
    sendLinked(req, res, `${snapshot.connection.urls.loginUrl}?${query.toString()}`);
  });

  router.post("/saml/:connection/link/:link/letter", form, async (req, res) => {
    const snapshot = await find(req, res, "link");
    requireOwn(req);
    await run(req, res, snapshot, async (tx, { by, ...link }) => {
      if (!("id" in by)) throw unknown();
      return sendLinkLetter(tx, { ...link, id: by.id });
    });
    sendLetterNote(req, res);
  });

  function refOf(req: Request, connectionId: ConnectionId): LinkRef {
    const cookies = req.get("cookie");
    const browserHash = returningBrowser(style, cookies);
    const named = String(req.params["link"]);
    const read = readId(named);
    if (!browserHash) throw unknown();
    const by = read?.kind === "identityLink" ? { id: read.id as IdentityLinkId } : { letter: named };
    return { connectionId, browserHash, by, session: readCookie(style, "session", cookies) };
  }

  function requireOwn(req: Request): void {
    if (!isOwnForm(req, publicUrl)) throw unknown();
  }

  return router;
}

function trail(connectionId: ConnectionId, refusal: PlenumError) {
  return { connectionId, code: shownError(refusal).code, requestId: null, issuer: null, certificate: null };
}

function unknown(): PlenumError {
  return new PlenumError("sso_refused", "this browser has no such link waiting", { reason: "link_void" });
}
