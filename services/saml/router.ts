import { Router, text, type NextFunction, type Request, type Response } from "express";
import { PlenumError } from "../kernel/errors";
import { noteAccess, originOf, requestIdOf } from "../platform/http/request";
import { acs } from "./acs";
import { complete } from "./complete";
import type { Snapshot } from "./connections";
import type { SamlContext } from "./context";
import { shownCode, shownError, type ShownRefusal } from "./errors";
import { FailureLimit, Throughput } from "./failure-limit";
import { bodyBytesMax } from "./form";
import { login } from "./login";
import { metadata } from "./metadata";
import { sendRefusal } from "./pages";

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
    (res.locals as Located).loginUrl = snapshot.connection.urls.loginUrl;
    return snapshot;
  };
  const show = async (req: Request, res: Response, refusal: ShownRefusal): Promise<void> => {
    noteAccess(res, { code: refusal.code });
    await failures.failed(req.ip ?? "");
    sendRefusal(req, res, refusal, (res.locals as Located).loginUrl);
  };

  router.get("/saml/:connection/metadata", async (req, res) => {
    await metadata(context, req, res, await find(req, res, "metadata"));
  });

  router.get("/saml/:connection/login", async (req, res) => {
    await login(context, req, res, await find(req, res, "login"));
  });

  const form = text({ type: "application/x-www-form-urlencoded", limit: bodyBytesMax, inflate: false });
  router.post("/saml/:connection/acs", form, async (req, res) => {
    const snapshot = await find(req, res, "acs");
    throughput.admit(snapshot.connection.id);
    const answer = await acs(context, req, res, snapshot);
    if ("refusal" in answer) await show(req, res, answer.refusal);
    else res.redirect(303, answer.location);
  });
  // A Response in a query string is not this profile (saml-profiles-2.0-os §4.1.2, SAML-A106).
  router.all("/saml/:connection/acs", async (req, res) => {
    await find(req, res, "acs");
    res.set("Allow", "POST");
    await show(req, res, { ...shownCode("form_invalid"), status: 405 });
  });

  router.get("/saml/:connection/complete", async (req, res) => {
    const refusal = await complete(context, req, res, await find(req, res, "complete"));
    if (refusal) await show(req, res, refusal);
  });

  router.use("/saml", async (error: unknown, req: Request, res: Response, next: NextFunction): Promise<void> => {
    const { status } = error as { status?: unknown };
    if (error instanceof PlenumError && error.code === "not_found") plainNotFound(res);
    else if (error instanceof PlenumError && error.code === "rate_limited")
      sendRefusal(req, res, shownError(error), undefined);
    else if (error instanceof PlenumError) await show(req, res, shownError(error));
    else if (status === 413) await show(req, res, shownCode("message_too_large"));
    else if (status === 400 || status === 415) await show(req, res, shownCode("form_invalid"));
    else next(error);
  });
  return router;
}

interface Located {
  loginUrl?: string;
}

// The same words for unknown, foreign and malformed ids: nothing to enumerate (SAML-13).
function plainNotFound(res: Response): void {
  res
    .status(404)
    .type("text/plain")
    .send(`nothing here (${requestIdOf(res)})\n`);
}
