import type { Request, Response } from "express";
import {
  addCertificate,
  isTestAnswer,
  previewSignIn,
  recordTestRun,
  showTestRun,
  startTestRun,
} from "../domain/identity";
import { notFound, PlenumError } from "../kernel/errors";
import { parseId, publicId } from "../kernel/ids";
import type { Origin } from "../platform/caller";
import { isOwnForm } from "../platform/http/own-form";
import { administrator } from "./administrator";
import type { Snapshot } from "./connections";
import type { SamlContext } from "./context";
import { ask } from "./login";
import { sendTestReport } from "./test-page";
import { trustOf } from "./trust-of";
import { siblingUrl } from "./urls";
import { newRelayState, newXmlId } from "./write";

/** `GET /saml/{connection}/test`: an administrator tries the connection with a sign-in of their own (SAML-95). */
export async function startTest(context: SamlContext, req: Request, res: Response, snapshot: Snapshot): Promise<void> {
  const ids = { requestId: newXmlId(), relayState: newRelayState() };
  const connection = await context.db.run(administrator(context, req, res), (tx) =>
    startTestRun(tx, { ...ids, connectionId: snapshot.connection.id }),
  );
  ask(req, res, connection, { ...ids, now: context.db.clock.now() });
}

/** `GET /saml/{connection}/test/{run}`: the report, for whoever began it. */
export async function showTest(context: SamlContext, req: Request, res: Response): Promise<void> {
  const id = parseId("testRun", String(req.params["run"]));
  const run = await context.db.run(administrator(context, req, res), (tx) => showTestRun(tx, { id }));
  sendTestReport(req, res, run);
}

/**
 * `POST /saml/{connection}/test/{run}/certificate`: the administrator has compared fingerprints and takes the certificate
 * that the trial showed as a second one (SAML-97).
 * @throws PlenumError `forbidden` from another site or without the comparison, and what adding refuses.
 */
export async function trustShown(context: SamlContext, req: Request, res: Response, snapshot: Snapshot): Promise<void> {
  const id = parseId("testRun", String(req.params["run"]));
  const compared = new URLSearchParams(typeof req.body === "string" ? req.body : "").get("compared") === "yes";
  if (!isOwnForm(req, context.publicUrl) || !compared) {
    throw new PlenumError("forbidden", "this form was not sent from our page, or the fingerprint was not compared");
  }
  await context.db.run(administrator(context, req, res), async (tx) => {
    const { report, connectionId } = await showTestRun(tx, { id });
    const certificate = report.evidence.shownCertificate?.pem;
    if (certificate === undefined || connectionId !== snapshot.connection.id) throw notFound("certificate");
    await addCertificate(tx, { connectionId, certificate });
  });
  res.redirect(303, siblingUrl(snapshot.connection, "setup"));
}

/**
 * Takes an answer that belongs to a trial: examined by every rule, tried out and taken back, kept as a report. Nothing
 * where no trial waits for it.
 * @returns where the browser goes
 */
export async function takeTestAnswer(
  { db, pool, connections }: SamlContext,
  snapshot: Snapshot,
  origin: Origin,
  requestId: string | null,
  field: string,
): Promise<string | undefined> {
  const { connection } = snapshot;
  if (requestId === null) return undefined;
  const caller = connections.caller(snapshot, origin);
  const connectionId = connection.id;
  if (!(await db.run(caller, (tx) => isTestAnswer(tx, { connectionId, requestId })))) return undefined;
  const trust = trustOf(connection);
  if (!trust) return undefined;
  const evidence = await pool.examine({
    kind: "report",
    field,
    trust,
    expectation: { kind: "solicited" },
    now: db.clock.now(),
  });
  const preview = evidence.facts ? await previewSignIn(db, caller, connection, evidence.facts) : null;
  const id = await db.run(caller, (tx) =>
    recordTestRun(tx, { connection, requestId, response: field, evidence, preview }),
  );
  return `${siblingUrl(connection, "test")}/${publicId("testRun", id)}`;
}
