import { instant } from "../kernel/clock";
import { invalid } from "../kernel/errors";
import { parseId, publicId, readId, type GroupId, type MemberId } from "../kernel/ids";
import { listRequests, replayRequest, showRequest, type LoggedRequest, type LogPage } from "../domain/provisioning";
import { given, type Command, type OptionValues } from "./command";
import { operatorIn, orgOption, wholeNumber } from "./organization";

const pageSize = 500;
const rowsMax = 1_000_000;

/** `plenum scim log`: what identity providers asked, newest first; with `--json` everything that is kept of each. */
export const scimLog: Command = {
  name: "scim log",
  summary: "list what identity providers asked: every write and every refusal, newest first",
  options: [
    orgOption,
    { flags: "--connection <id>", description: "by this connection" },
    { flags: "--resource <id>", description: "about this member or group" },
    { flags: "--failed", description: "only what was refused" },
    { flags: "--from <instant>", description: "from this instant on, as 2026-04-16T09:30:00Z" },
    { flags: "--to <instant>", description: "before this instant" },
    { flags: "--limit <number>", description: "how many lines", default: "100" },
  ],
  async run(context, options) {
    const limit = wholeNumber(options["limit"]) ?? 100;
    if (!(limit >= 1 && limit <= rowsMax)) throw invalid("limit", `1 to ${rowsMax}`, options["limit"]);
    const wanted = filterOf(options);
    const { db, caller } = await operatorIn(context, options);
    const rows: LoggedRequest[] = [];
    for (let last = false; !last && rows.length < limit;) {
      const first = Math.min(pageSize, limit - rows.length);
      const end = rows.at(-1);
      const after = end ? { after: { at: end.at, id: end.id } } : {};
      const page = await db.run(caller, (tx) => listRequests(tx, { ...wanted, ...after, first }));
      rows.push(...page);
      last = page.length < first;
    }
    return { json: { entries: rows.map(shown) }, text: rows.map(lineOf).join("\n") };
  },
};

function filterOf(options: OptionValues): Omit<LogPage, "first"> {
  const { connection, resource, failed, from, to } = options;
  return {
    ...(typeof connection === "string" ? { connectionId: parseId("connection", connection) } : {}),
    ...(typeof resource === "string" ? { resourceId: resourceNamed(resource) } : {}),
    ...(failed === true ? { failed: true } : {}),
    ...(typeof from === "string" ? { from: instantNamed("from", from) } : {}),
    ...(typeof to === "string" ? { until: instantNamed("to", to) } : {}),
  };
}

function resourceNamed(text: string): string {
  const read = readId(text);
  if (read?.kind !== "member" && read?.kind !== "group") throw invalid("resource", "the id of a member or group", text);
  return read.id;
}

function instantNamed(field: string, text: string): Date {
  const at = instant(text);
  if (Number.isNaN(at.getTime())) throw invalid(field, "an instant such as 2026-04-16T09:30:00Z", text);
  return at;
}

/** `plenum scim show`: one line of the log with the request behind it, without secrets. */
export const scimShow: Command = {
  name: "scim show",
  summary: "show the request and the answer behind one line of the log",
  options: [orgOption, { flags: "--entry <id>", description: "pve_…", required: true }],
  async run(context, options) {
    const id = parseId("provisioningEntry", given(options, "entry"));
    const { db, caller } = await operatorIn(context, options);
    const { entry, request, notReplayable } = await db.run(caller, (tx) => showRequest(tx, { id }));
    const json = { ...shown(entry), request, notReplayable };
    return { json, text: `${lineOf(entry)}\n${JSON.stringify(request, null, 2)}` };
  },
};

/** `plenum scim replay`: does a request again. A second refusal is exit code 1 with its answer. */
export const scimReplay: Command = {
  name: "scim replay",
  summary: "do a request of the log again, after its cause was mended",
  options: [
    orgOption,
    { flags: "--entry <id>", description: "pve_…", required: true },
    { flags: "--dry-run", description: "say what would come of it and store nothing" },
  ],
  async run(context, options) {
    const id = parseId("provisioningEntry", given(options, "entry"));
    const dryRun = options["dryRun"] === true;
    const { db, caller } = await operatorIn(context, options);
    const { entryId, answer } = await db.run(caller, (tx) => replayRequest(tx, { id, dryRun }));
    const { status, scimType, detail, warnings, document } = answer;
    const entry = entryId === null ? null : publicId("provisioningEntry", entryId);
    const json = { dryRun, entry, status, scimType, detail, warnings, answer: document };
    return { json, text: `${status}${detail === null ? "" : ` ${detail}`}`, failed: status >= 400 };
  },
};

function shown({ id, connectionId, tokenId, resourceKind, resourceId, replayOf, previewId, ...entry }: LoggedRequest) {
  return {
    id: publicId("provisioningEntry", id),
    ...entry,
    at: entry.at.toISOString(),
    connection: publicId("connection", connectionId),
    token: tokenId === null ? null : publicId("scimToken", tokenId),
    resource: resourceOf(resourceKind, resourceId),
    replayOf: replayOf === null ? null : publicId("provisioningEntry", replayOf),
    preview: previewId === null ? null : publicId("preview", previewId),
  };
}

function resourceOf(kind: LoggedRequest["resourceKind"], id: string | null): string | null {
  if (id === null) return null;
  return kind === "group" ? publicId("group", id as GroupId) : publicId("member", id as MemberId);
}

function lineOf({ id, at, method, path, status, scimType, detail }: LoggedRequest): string {
  const why = [scimType, detail].filter((word) => word !== null).join(": ");
  return [at.toISOString(), publicId("provisioningEntry", id), status, method, path, why].join("  ").trimEnd();
}
