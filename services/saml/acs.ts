import type { Request, Response } from "express";
import {
  acceptAssertion,
  refuseSignIn,
  requireLiveConnection,
  type RefusedSignIn,
  type SamlConnection,
} from "../domain/identity";
import { secondMs, stopwatchMs } from "../kernel/clock";
import { PlenumError } from "../kernel/errors";
import type { Origin } from "../platform/caller";
import { originOf } from "../platform/http/request";
import type { Snapshot } from "./connections";
import type { SamlContext } from "./context";
import { shownCode, shownError, type ShownRefusal } from "./errors";
import { readForm } from "./form";
import { trustOf } from "./trust-of";
import { takeTestAnswer } from "./test-run";
import { siblingUrl } from "./urls";
import type { Claimed, Verdict } from "./verify";

const nothingClaimed: Claimed = { responseId: null, inResponseTo: null, issuer: null, certificate: null };
const attemptsMax = 3;

/** Where the browser goes next, or what the page says. */
export type AcsAnswer = { readonly location: string } | { readonly refusal: ShownRefusal };

/**
 * `POST /saml/{connection}/acs`: verifies off the main thread, takes the assertion in, and sends the browser on to
 * completion on our own site, where its cookie can be asked for (SAML-24 … 53, ruling 11).
 */
export async function acs(context: SamlContext, req: Request, res: Response, snapshot: Snapshot): Promise<AcsAnswer> {
  const origin = originOf(req, res);
  const form = readForm(req.body, "SAMLResponse");
  if (!form.ok) {
    const verdict: Verdict = { ok: false, refusal: { code: form.code }, claimed: nothingClaimed };
    return refuse(context, snapshot, origin, verdict);
  }
  let current = snapshot;
  for (let attempt = 1; attempt <= attemptsMax; attempt++) {
    const answer = await once(context, current, origin, form.message, form.relayState);
    if (answer) return answer;
    current = await context.connections.read(current.connection.id, origin);
  }
  throw new PlenumError("unavailable", "the connection keeps changing");
}

// Nothing: the settings were a moment old. A certificate added just now counts, a connection disabled just now does not
// (SAML-12, SAML-16).
async function once(
  context: SamlContext,
  snapshot: Snapshot,
  origin: Origin,
  message: string,
  relayState: string | null,
): Promise<AcsAnswer | undefined> {
  const { connection } = snapshot;
  const { id: connectionId, version } = connection;
  const look = () => context.connections.read(connectionId, origin);
  if (refusalOf(connection)) {
    const fresh = await look();
    const refusal = refusalOf(fresh.connection);
    if (!refusal) return undefined;
    const trial = await trialAnswer(context, fresh, origin, message);
    if (trial) return trial;
    await leaveTrail(context, snapshot, origin, refusal.code);
    return { refusal: shownError(refusal) };
  }
  const verdict = await judge(context, snapshot, message);
  if (!verdict.ok) {
    if ((await look()).connection.version !== version) return undefined;
    const trial = await trialLocation(context, snapshot, origin, verdict.claimed.inResponseTo, message);
    if (trial) return trial;
    if (verdict.refusal.code === "unsolicited" && connection.idpInitiated === "restart") return restart(snapshot);
    return refuse(context, snapshot, origin, verdict);
  }
  const { facts } = verdict;
  const { issuer, inResponseTo } = facts;
  const claimed: Claimed = { responseId: null, inResponseTo, issuer, certificate: facts.signed.certificate };
  const accepted = await context.db.run(
    context.connections.caller(snapshot, origin),
    (tx) => acceptAssertion(tx, { connectionId, version, facts, relayState }),
    { aftermath: (tx, refusal) => refuseSignIn(tx, trailOf(snapshot, shownError(refusal).code, claimed)) },
  );
  if (accepted === "trial") return trialLocation(context, snapshot, origin, inResponseTo, message);
  if (!accepted) return undefined;
  context.figures.took(connection, facts, context.db.clock.now());
  return { location: `${siblingUrl(connection, "complete")}?code=${accepted.code}` };
}

// A connection that signs nobody in may still be tried (SAML-95); what comes then is judged like anything else first.
async function trialAnswer(
  context: SamlContext,
  snapshot: Snapshot,
  origin: Origin,
  message: string,
): Promise<AcsAnswer | undefined> {
  const { samlState } = snapshot.connection;
  if (samlState !== "DRAFT" && samlState !== "TESTING") return undefined;
  const verdict = await judge(context, snapshot, message);
  const requestId = verdict.ok ? verdict.facts.inResponseTo : verdict.claimed.inResponseTo;
  return trialLocation(context, snapshot, origin, requestId, message);
}

async function trialLocation(
  context: SamlContext,
  snapshot: Snapshot,
  origin: Origin,
  requestId: string | null,
  message: string,
): Promise<AcsAnswer | undefined> {
  const location = await takeTestAnswer(context, snapshot, origin, requestId, message);
  return location === undefined ? undefined : { location };
}

function refusalOf(connection: SamlConnection): PlenumError | undefined {
  try {
    requireLiveConnection(connection);
    return undefined;
  } catch (error) {
    if (error instanceof PlenumError) return error;
    throw error;
  }
}

async function judge({ db, pool, figures }: SamlContext, { connection }: Snapshot, field: string): Promise<Verdict> {
  const trust = trustOf(connection);
  if (!trust) return { ok: false, refusal: { code: "certificate_missing" }, claimed: nothingClaimed };
  const job = { kind: "response", field, trust, now: db.clock.now() } as const;
  const began = stopwatchMs();
  const verdict = await pool.validate({ ...job, expectation: { kind: "solicited" } });
  figures.judged((stopwatchMs() - began) / secondMs);
  // Found out late and by signed octets that it answers nobody: then it is held to the stricter rules of SAML-56.
  const unasked = !verdict.ok && verdict.refusal.code === "unsolicited" && connection.idpInitiated === "accept";
  return unasked ? pool.validate({ ...job, expectation: { kind: "unsolicited" } }) : verdict;
}

// The tile at the identity provider: nothing of what it sent is believed. The person is sent around once, and the
// identity provider answers without asking them again (SAML-55).
function restart({ connection }: Snapshot): AcsAnswer {
  return { location: connection.urls.loginUrl };
}

async function refuse(
  { db, connections }: SamlContext,
  snapshot: Snapshot,
  origin: Origin,
  { refusal, claimed }: Extract<Verdict, { ok: false }>,
): Promise<AcsAnswer> {
  const { code, ...finding } = refusal;
  const trail = { ...trailOf(snapshot, code, claimed), ...finding };
  await db.run(connections.caller(snapshot, origin), (tx) => refuseSignIn(tx, trail));
  return { refusal: shownCode(code) };
}

/** A line in the connection's audit log about something that was refused without being read. */
export async function leaveTrail(
  { db, connections }: SamlContext,
  snapshot: Snapshot,
  origin: Origin,
  code: string,
): Promise<void> {
  await db.run(connections.caller(snapshot, origin), (tx) => refuseSignIn(tx, trailOf(snapshot, code, nothingClaimed)));
}

function trailOf({ connection }: Snapshot, code: string, claimed: Claimed): RefusedSignIn {
  const { inResponseTo: requestId, issuer, certificate } = claimed;
  return { connectionId: connection.id, code, requestId, issuer, certificate };
}
