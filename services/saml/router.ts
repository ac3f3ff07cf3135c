import { Router, text, type NextFunction, type Request, type Response } from "express";
import { PlenumError } from "../kernel/errors";
import { noteAccess, originOf, requestIdOf } from "../platform/http/request";
import { acs, leaveTrail } from "./acs";
import { complete, confirm } from "./complete";
import type { Snapshot } from "./connections";
import type { SamlContext } from "./context";
import { shownCode, shownError, type ShownRefusal } from "./errors";
import { FailureLimit, Throughput } from "./failure-limit";
import { bodyBytesMax } from "./form";
import { linkRouter } from "./link";
import { login } from "./login";
import { logoutRouter } from "./logout/routes";
import { metadata } from "./metadata";
import { sendRefusal } from "./pages";
import { showSetup } from "./setup-page";
import { showTest, startTest, trustShown } from "./test-run";

/** The routes of the SAML door (contract §3). The connection is found by the path and by nothing else (SAML-25). */
export function samlRouter(context: SamlContext): Router {
  const router = Router();
  const failures = new FailureLimit(context.db, "saml");
  const throughput = new Throughput();
  const find = async (req: Request, res: Response, operation: string): Promise<Snapshot> => {
    noteAccess(res, { door: "saml", operation });
    await failures.check(req.ip ?? "");
    const snapshot = await context.connections.find(String(req.params["connection"]), originOf(req, res));
    noteAccess(res, { org: snapshot.orgId });
    located(res).snapshot = snapshot;
    return snapshot;
  };
  const show = async (req: Request, res: Response, refusal: ShownRefusal): Promise<void> => {
    noteAccess(res, { code: refusal.code });
    context.figures.refused(located(res).snapshot?.connection.id, refusal.code);
    await failures.failed(req.ip ?? "");
    sendRefusal(req, res, refusal, located(res).snapshot?.connection.urls.loginUrl);
  };
  // Refused before there was a message to judge; where the connection is known, its audit log hears of it.
  const showUnread = async (req: Request, res: Response, refusal: ShownRefusal): Promise<void> => {
    const { snapshot } = located(res);
    if (snapshot) await leaveTrail(context, snapshot, originOf(req, res), refusal.code);
    await show(req, res, refusal);
  };

  router.get("/saml/:connection/metadata", async (req, res) => {
    await metadata(context, req, res, await find(req, res, "metadata"));
  });

  router.get("/saml/:connection/login", async (req, res) => {
    await login(context, req, res, await find(req, res, "login"));
  });

  const locate = async (req: Request, res: Response, next: NextFunction): Promise<void> => {
    await find(req, res, "acs");
    next();
  };
  // Said by its length it is refused before one octet is read: the parser would swallow all of it first (SAML-A47).
  const weigh = (req: Request, res: Response, next: NextFunction): unknown =>
    Number(req.get("content-length") ?? 0) > bodyBytesMax
      ? showUnread(req, res, shownCode("message_too_large"))
      : next();
  const form = text({ type: "application/x-www-form-urlencoded", limit: bodyBytesMax, inflate: false });
  router.post("/saml/:connection/acs", locate, weigh, form, async (req, res) => {
    const snapshot = located(res).snapshot ?? (await find(req, res, "acs"));
    throughput.admit(snapshot.connection.id);
    const answer = await acs(context, req, res, snapshot);
    if ("refusal" in answer) await show(req, res, answer.refusal);
    else res.redirect(303, answer.location);
  });
  // A Response in a query string is not this profile (saml-profiles-2.0-os §4.1.2, SAML-A106).
  router.all("/saml/:connection/acs", async (req, res) => {
    await find(req, res, "acs");
    res.set("Allow", "POST");
    await showUnread(req, res, { ...shownCode("form_invalid"), status: 405 });
  });

  router.get("/saml/:connection/complete", async (req, res) => {
    const refusal = await complete(context, req, res, await find(req, res, "complete"));
    if (refusal) await show(req, res, refusal);
  });

  router.post("/saml/:connection/complete", form, async (req, res) => {
    const refusal = await confirm(context, req, res, await find(req, res, "complete"));
    if (refusal) await show(req, res, refusal);
  });

  router.get("/saml/:connection/setup", async (req, res) => {
    await showSetup(context, req, res, await find(req, res, "setup"));
  });
  router.get("/saml/:connection/test", async (req, res) => {
    await startTest(context, req, res, await find(req, res, "test"));
  });
  router.get("/saml/:connection/test/:run", async (req, res) => {
    await find(req, res, "test");
    await showTest(context, req, res);
  });
  router.post("/saml/:connection/test/:run/certificate", form, async (req, res) => {
    await trustShown(context, req, res, await find(req, res, "test"));
  });

  router.use(linkRouter(context, find));
  router.use(logoutRouter(context, { find, show }));

  router.use("/saml", async (error: unknown, req: Request, res: Response, next: NextFunction): Promise<void> => {
    const { status } = error as { status?: unknown };
    if (status === 413) return showUnread(req, res, shownCode("message_too_large"));
    if (status === 400 || status === 415) return showUnread(req, res, shownCode("form_invalid"));
    if (!(error instanceof PlenumError)) return next(error);
    if (error.code === "not_found") return plainNotFound(res);
    // Neither says anything about the sender's message, so neither counts against them.
    if (error.code === "rate_limited" || error.code === "unavailable") {
      return sendRefusal(req, res, shownError(error), undefined);
    }
    return show(req, res, shownError(error));
  });
  return router;
}

interface Located {
  snapshot?: Snapshot;
}

const located = (res: Response): Located => res.locals as Located;

// The same words for unknown, foreign and malformed ids: nothing to enumerate (SAML-13).
function plainNotFound(res: Response): void {
  res
    .status(404)
    .type("text/plain")
    .send(`nothing here (${requestIdOf(res)})\n`);
}
