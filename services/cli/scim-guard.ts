import { restoreMember } from "../domain/members";
import {
  approveDeprovisioning,
  changeProvisioningSettings,
  getProvisioningRun,
  getProvisioningSettings,
  listProvisioningRuns,
  settleConnection,
  settleConnections,
  undoDeprovisioning,
  undoRuns,
  type GuardMode,
  type ProvisioningRun,
  type Settlement,
} from "../domain/provisioning";
import { parseId, publicId } from "../kernel/ids";
import { given, type Command, type CommandResult, type OptionValues } from "./command";
import { operatorIn, orgOption, wholeNumber } from "./organization";
import { connectionIn, connectionOption } from "./saml-connection";

const runOption = { flags: "--run <id>", description: "the run, prun_…", required: true };

/** `plenum scim runs`: the mass departures that somebody was asked about. */
export const scimRuns: Command = {
  name: "scim runs",
  summary: "list mass departures, decided or not",
  options: [orgOption],
  async run(context, options) {
    const { db, caller } = await operatorIn(context, options);
    const runs = await db.run(caller, (tx) => listProvisioningRuns(tx, {}));
    return { json: { runs: runs.map(runJson) }, text: runs.map((run) => runText(run)).join("\n") };
  },
};

/** `plenum scim approve`: it was meant. */
export const scimApprove: Command = {
  name: "scim approve",
  summary: "agree to a mass departure; a blocked connection goes on",
  options: [orgOption, runOption],
  async run(context, options) {
    const { db, caller } = await operatorIn(context, options);
    return told(await db.run(caller, (tx) => approveDeprovisioning(tx, { id: runIn(options) })));
  },
};

/** `plenum scim undo`: done by this command, whether or not a worker runs. */
export const scimUndo: Command = {
  name: "scim undo",
  summary: "take a mass departure back: everybody returns to what they were",
  options: [orgOption, runOption],
  async run(context, options) {
    const { db, caller } = await operatorIn(context, options);
    const id = runIn(options);
    await db.run(caller, (tx) => undoDeprovisioning(tx, { id }));
    await undoRuns(db, caller);
    const run = await db.run(caller, (tx) => getProvisioningRun(tx, { id }));
    return { ...told(run), failed: run.notRestored > 0 };
  },
};

/** `plenum scim guard`: shows or changes what a connection may do unasked. */
export const scimGuard: Command = {
  name: "scim guard",
  summary: "show, or change, how many members a connection may take out within an hour",
  options: [
    orgOption,
    connectionOption,
    { flags: "--mode <mode>", description: "off, alert or block", choices: ["off", "alert", "block"] },
    { flags: "--minimum <number>", description: "so many in any case" },
    { flags: "--percent <number>", description: "so many of a hundred active members, where that is more" },
  ],
  async run(context, options) {
    const { db, caller, id: connectionId } = await connectionIn(context, options);
    const { mode } = options;
    const [minimum, percent] = [wholeNumber(options["minimum"]), wholeNumber(options["percent"])];
    const change = {
      ...(typeof mode === "string" ? { mode: mode as GuardMode } : {}),
      ...(minimum === undefined ? {} : { minimum }),
      ...(percent === undefined ? {} : { percent }),
    };
    const settings = await db.run(caller, (tx) =>
      Object.keys(change).length === 0
        ? getProvisioningSettings(tx, { connectionId })
        : changeProvisioningSettings(tx, { connectionId, ...change }),
    );
    const text = `${settings.mode}: more than ${settings.minimum} members or ${settings.percent} % within an hour`;
    return { json: settings, text };
  },
};

/** `plenum scim settle`: done by this command, whether or not a worker runs. */
export const scimSettle: Command = {
  name: "scim settle",
  summary: "say what becomes of the members of a connection that is off or deleted",
  options: [
    orgOption,
    { flags: "--connection <id>", description: "the connection, con_…", required: true },
    {
      flags: "--settlement <what>",
      description: "keep or deactivate",
      required: true,
      choices: ["keep", "deactivate"],
    },
  ],
  async run(context, options) {
    const { db, caller } = await operatorIn(context, options);
    const connectionId = parseId("connection", given(options, "connection"));
    const settlement = given(options, "settlement").toUpperCase() as Settlement;
    const members = await db.run(caller, (tx) => settleConnection(tx, { connectionId, settlement }));
    await settleConnections(db, caller);
    return { json: { members, settlement }, text: `${members} members are settled` };
  },
};

/** `plenum members restore`: within thirty days. */
export const membersRestore: Command = {
  name: "members restore",
  summary: "bring a removed member back, with a seat",
  options: [orgOption, { flags: "--member <id>", description: "the member, mem_…", required: true }],
  async run(context, options) {
    const id = parseId("member", given(options, "member"));
    const { db, caller } = await operatorIn(context, options);
    const { member, seat } = await db.run(caller, (tx) => restoreMember(tx, { id }));
    const json = { member: publicId("member", id), status: member.status, seat };
    return { json, text: `${json.member} is ${member.status}, seat ${seat}` };
  },
};

function runIn(options: OptionValues): ProvisioningRun["id"] {
  return parseId("provisioningRun", given(options, "run"));
}

function told(run: ProvisioningRun): CommandResult & { json: ReturnType<typeof runJson> } {
  return { json: runJson(run), text: runText(run) };
}

function runJson({ id, connectionId, ...run }: ProvisioningRun) {
  return { id: publicId("provisioningRun", id), connectionId: publicId("connection", connectionId), ...run };
}

function runText({ id, state, members, connection, restored, waiting, notRestored }: ProvisioningRun): string {
  const back = state === "UNDONE" ? `, ${restored} back, ${waiting} waiting, ${notRestored} not` : "";
  return `${publicId("provisioningRun", id)} ${state}: ${members} members through ${connection}${back}`;
}
