import { publicId, type ProvisioningEntryId } from "../kernel/ids";
import { reportDrift, showHealth, trialClients, tryConnection, type TrialClient } from "../domain/provisioning";
import { given, type Command } from "./command";
import { orgOption, wholeNumber } from "./organization";
import { connectionIn, connectionOption } from "./saml-connection";

/** `plenum scim health`: exit code 1 where one request in ten is refused. */
export const scimHealth: Command = {
  name: "scim health",
  summary: "say how a SCIM connection fares: last request, refusals and their reasons, who speaks",
  options: [orgOption, connectionOption, { flags: "--days <number>", description: "over how many days", default: "7" }],
  async run(context, options) {
    const { db, caller, id: connectionId } = await connectionIn(context, options);
    const days = wholeNumber(options["days"]) ?? 7;
    const health = await db.run(caller, (tx) => showHealth(tx, { connectionId, days }));
    const errors = health.errors.map((error) => ({
      ...error,
      entryId: publicId("provisioningEntry", error.entryId as ProvisioningEntryId),
    }));
    const { verdict, requests, failures } = health;
    const reasons = errors.map(
      ({ count, status, scimType, detail }) => `${count} × ${status} ${scimType ?? ""}: ${detail ?? ""}`,
    );
    const text = [`${verdict.toLowerCase()}: ${failures} of ${requests} logged requests were refused`, ...reasons];
    return { json: { ...health, errors }, text: text.join("\n"), failed: verdict === "FAILING" };
  },
};

/** `plenum scim drift`: where the two sides have drifted apart. */
export const scimDrift: Command = {
  name: "scim drift",
  summary: "list members and groups about whom the identity provider and this organization may differ",
  options: [
    orgOption,
    connectionOption,
    {
      flags: "--cycles <number>",
      description: "after how many cycles without a write somebody is listed",
      default: "3",
    },
    { flags: "--cycle-minutes <number>", description: "how long a cycle of the provider takes", default: "40" },
    { flags: "--limit <number>", description: "how many of each sort", default: "100" },
  ],
  async run(context, options) {
    const { db, caller, id: connectionId } = await connectionIn(context, options);
    const report = await db.run(caller, (tx) =>
      reportDrift(tx, {
        connectionId,
        cycles: wholeNumber(options["cycles"]) ?? 3,
        cycleMinutes: wholeNumber(options["cycleMinutes"]) ?? 40,
        first: wholeNumber(options["limit"]) ?? 100,
      }),
    );
    const { unknown, unseen, changedHere, groups } = report;
    const json = {
      checkedAt: report.checkedAt.toISOString(),
      unseenBefore: report.unseenBefore.toISOString(),
      unknown: { total: unknown.total, members: unknown.rows.map(memberOf) },
      unseen: { total: unseen.total, members: unseen.rows.map(memberOf) },
      changedHere: { total: changedHere.total, members: changedHere.rows.map(memberOf) },
      groups: {
        total: groups.total,
        groups: groups.rows.map(({ id, total: _total, ...group }) => ({ id: publicId("group", id), ...group })),
      },
    };
    const text = [
      `${unknown.total} active members were never written by the identity provider`,
      `${unseen.total} were not written since ${json.unseenBefore}`,
      `${changedHere.total} were changed here after its last word`,
      `${groups.total} groups hold people it does not know, or were changed here`,
    ];
    return { json, text: text.join("\n") };
  },
};

function memberOf({
  id,
  total: _total,
  ...member
}: Awaited<ReturnType<typeof reportDrift>>["unknown"]["rows"][number]) {
  return { id: publicId("member", id), ...member };
}

/** `plenum scim try`: exit code 1 where a step fails. Everything that it does is undone. */
export const scimTry: Command = {
  name: "scim try",
  summary: "do what an identity provider does when its connection is tested, and undo it",
  options: [
    orgOption,
    connectionOption,
    {
      flags: "--client <name>",
      description: "whose requests",
      default: "entra",
      choices: trialClients.map((client) => client.toLowerCase()),
    },
  ],
  async run(context, options) {
    const { db, caller, id: connectionId } = await connectionIn(context, options);
    const client = given(options, "client").toUpperCase() as TrialClient;
    const trial = await db.run(caller, (tx) => tryConnection(tx, { connectionId, client }));
    const lines = trial.steps.map(
      ({ passed, status, name, detail }) =>
        `${passed ? "ok  " : "FAIL"} ${status} ${name}${detail === null ? "" : `: ${detail}`}`,
    );
    return { json: trial, text: lines.join("\n"), failed: !trial.passed };
  },
};
