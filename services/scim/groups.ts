import { parseId, type GroupId } from "../kernel/ids";
import type { GroupChild, GroupStep } from "../domain/groups";
import {
  changeProvisionedGroup,
  deprovisionGroup,
  findProvisionedGroup,
  listProvisionedGroups,
  provisionGroup,
  walkGroupMembers,
  type ChildOfGroup,
  type ProvisionedGroup,
} from "../domain/provisioning";
import { findPlace, groupType, type Place } from "./attributes/registry";
import { compileEdgeFilter } from "./filter/compile-filter";
import { memberOf, readChildren, shownGroup, storedGroup } from "./group-document";
import { listDocument } from "./list-document";
import { readList } from "./list-request";
import { membersOf, type MemberName, type MembersStep } from "./patch/members-step";
import { planPatch } from "./patch/plan-patch";
import { readOperations } from "./patch/operation";
import { readSelection, type Selection } from "./projection";
import { readResource } from "./read-resource";
import { invalidValue, ScimRefusal, shown } from "./refusal";
import { elementWriter, renderResource } from "./render-resource";
import { bodyOf, resourceAnswer, warnAll, type Answer, type Exchange } from "./request";
import type { Complex, Value, Values } from "./values";
import { checkIfMatch, namesVersion, versionTag } from "./versions";

const membersPlace = findPlace(groupType, "members") as Place;

function selectionOf({ query }: Exchange): Selection {
  return readSelection(groupType, query.get("attributes"), query.get("excludedattributes"));
}

async function answerWith(
  exchange: Exchange,
  group: ProvisionedGroup,
  selection: Selection,
  status: number,
): Promise<Answer> {
  const values = shownGroup(group, exchange.baseUrl);
  const { location, version } = values.get("meta") as Complex;
  const meta = { location: String(location), version: String(version) };
  const answer = resourceAnswer(status, renderResource(groupType, values, selection), meta);
  const isLarge = group.members === null && group.memberCount > 0 && selection.shows(membersPlace);
  return isLarge ? { ...answer, tail: await writtenMembers(exchange, group.id, selection) } : answer;
}

// A part at a time, so that other requests are served between two parts (SCIM-104).
async function writtenMembers(exchange: Exchange, id: GroupId, selection: Selection): Promise<readonly Buffer[]> {
  const write = elementWriter(groupType, membersPlace, selection);
  const parts: Buffer[] = [];
  const each = (children: readonly ChildOfGroup[]): void => {
    if (children.length === 0) return;
    const texts = children.map((child) => write(memberOf(child, exchange.baseUrl)));
    parts.push(Buffer.from(`${parts.length === 0 ? ',"members":[' : ","}${texts.join(",")}`));
  };
  await walkGroupMembers(exchange.tx, { id, each });
  return parts.length === 0 ? [] : [...parts, Buffer.from("]")];
}

async function findOne(exchange: Exchange, id: GroupId, withMembers: boolean): Promise<ProvisionedGroup> {
  return findProvisionedGroup(exchange.tx, { connectionId: exchange.by.connectionId, id, withMembers });
}

/** `GET /Groups/{id}`: all members, unless they are not asked for (SCIM-103, SCIM-104). */
export async function readGroup(exchange: Exchange, publicId: string): Promise<Answer> {
  const selection = selectionOf(exchange);
  const group = await findOne(exchange, parseId("group", publicId), selection.shows(membersPlace));
  if (exchange.ifNoneMatch !== undefined && namesVersion(exchange.ifNoneMatch, group.version)) {
    return { status: 304, headers: { ETag: versionTag(group.version) } };
  }
  return answerWith(exchange, group, selection, 200);
}

/** `GET /Groups`; a group too large for a page comes without its members (SCIM-104). */
export async function listGroups(exchange: Exchange): Promise<Answer> {
  const selection = selectionOf(exchange);
  const list = readList(groupType, exchange);
  const guard = Math.min(exchange.dialect.memberPageGuard, 2_147_483_647);
  const membersMax = selection.shows(membersPlace) ? guard : "none";
  const { connectionId } = exchange.by;
  const listed = await listProvisionedGroups(exchange.tx, { connectionId, query: list.query, membersMax });
  const render = (row: ProvisionedGroup) => renderResource(groupType, shownGroup(row, exchange.baseUrl), selection);
  return { status: 200, document: listDocument(list, listed, render) };
}

/** `POST /Groups` (SCIM-096). */
export async function createGroup(exchange: Exchange): Promise<Answer> {
  const { tx, by, dialect } = exchange;
  const selection = selectionOf(exchange);
  const given = readResource(groupType, bodyOf(exchange), exchange);
  const displayName = textOf(given.get("displayName")) ?? "";
  exchange.note.name = displayName;
  const { id, warnings } = await provisionGroup(tx, {
    ...(exchange.newId === undefined ? {} : { id: exchange.newId as GroupId }),
    by,
    displayName,
    children: childrenOf(exchange, membersOf(given.get("members") ?? null)),
    onUnknown: dialect.unknownMembers,
    externalId: textOf(given.get("externalId")),
  });
  warnAll(exchange.trail, warnings);
  Object.assign(exchange.note, { resource: { kind: "group", id }, changed: [...given.keys()] });
  return answerWith(exchange, await findOne(exchange, id, selection.shows(membersPlace)), selection, 201);
}

/** `PUT /Groups/{id}`: without the key `members` they stay, with it they are exactly these (SCIM-142, SCIM-145). */
export async function replaceGroup(exchange: Exchange, publicId: string): Promise<Answer> {
  const given = readResource(groupType, bodyOf(exchange), exchange);
  const members = given.has("members") ? membersOf(given.get("members") ?? null) : undefined;
  const steps: MembersStep[] = members ? [{ do: "replace", members, where: "members" }] : [];
  const after = new Map([...given].filter((entry): entry is [string, Value] => entry[1] !== null));
  return writeGroup(exchange, publicId, 200, () => ({ values: after, steps }));
}

/** `PATCH /Groups/{id}`: each operation on members is one statement (SCIM-163). */
export async function modifyGroup(exchange: Exchange, publicId: string): Promise<Answer> {
  const operations = readOperations(groupType, bodyOf(exchange), exchange);
  const status = exchange.dialect.patchResponse === "200" ? 200 : 204;
  return writeGroup(exchange, publicId, status, (before) => planPatch(groupType, before, operations, exchange));
}

type Next = (before: Values) => { readonly values: Values; readonly steps: readonly MembersStep[] };

async function writeGroup(exchange: Exchange, publicId: string, status: 200 | 204, next: Next): Promise<Answer> {
  const { tx, by, dialect, query } = exchange;
  const selection = selectionOf(exchange);
  const id = parseId("group", publicId);
  exchange.note.resource = { kind: "group", id };
  const group = await findOne(exchange, id, false);
  checkIfMatch(exchange.ifMatch, group.version);
  const before = storedGroup(group);
  const { values, steps } = next(before);
  exchange.note.name = textOf(values.get("displayName")) ?? "";
  const changed = ["displayName", "externalId"].filter((key) => before.get(key) !== values.get(key));
  const { version, warnings } = await changeProvisionedGroup(tx, {
    by,
    id,
    externalIdBefore: group.externalId,
    steps: steps.map((step) => groupStep(exchange, step)),
    onUnknown: dialect.unknownMembers,
    ...(changed.includes("displayName") ? { displayName: textOf(values.get("displayName")) ?? "" } : {}),
    ...(changed.includes("externalId") ? { externalId: textOf(values.get("externalId")) } : {}),
    // If-Match holds until the commit: whoever came between made another version.
    ...(exchange.ifMatch === undefined ? {} : { ifVersion: group.version }),
  });
  warnAll(exchange.trail, warnings);
  exchange.note.changed = version === group.version ? [] : [...changed, ...(steps.length > 0 ? ["members"] : [])];
  // Whoever names attributes wants to see them (RFC 7644 §3.5.2).
  const isBare = status === 204 && !query.has("attributes") && !query.has("excludedattributes");
  if (isBare) return { status, headers: { ETag: versionTag(version) } };
  return answerWith(exchange, await findOne(exchange, id, selection.shows(membersPlace)), selection, 200);
}

/** `DELETE /Groups/{id}`: the members stay (SCIM-172). */
export async function removeGroupResource(exchange: Exchange, publicId: string): Promise<Answer> {
  const id = parseId("group", publicId);
  exchange.note.resource = { kind: "group", id };
  const group = await findOne(exchange, id, false);
  checkIfMatch(exchange.ifMatch, group.version);
  await deprovisionGroup(exchange.tx, {
    by: exchange.by,
    id,
    ...(exchange.ifMatch === undefined ? {} : { ifVersion: group.version }),
  });
  exchange.note.changed = ["id"];
  return { status: 204 };
}

function groupStep(exchange: Exchange, step: MembersStep): GroupStep {
  const { by, baseUrl } = exchange;
  switch (step.do) {
    case "clear":
      return { do: "clear" };
    case "removeMatching": {
      const compilation = { type: groupType, connectionId: by.connectionId, baseUrl, parametersBefore: 2 };
      return { do: "removeMatching", condition: compileEdgeFilter(step.filter, membersPlace, compilation) };
    }
    case "remove":
      // Whoever is no member of the organization is in no group: nothing to take out.
      return { do: "remove", children: readChildren(step.members).children };
    default:
      return { do: step.do, children: inPlace(step.where, () => childrenOf(exchange, step.members)) };
  }
}

function inPlace<T>(where: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw error instanceof ScimRefusal ? error.at(where) : error;
  }
}

/** The members that a client names; an id that cannot be one of ours is unknown like any other. */
function childrenOf({ dialect, trail }: Exchange, names: readonly MemberName[]): readonly GroupChild[] {
  const { children, strangers } = readChildren(names);
  if (strangers[0] !== undefined && dialect.unknownMembers === "refuse") {
    throw invalidValue(`members: this organization has no ${shown(strangers[0])}`);
  }
  for (const stranger of strangers) trail.warn("members", `this organization has no ${shown(stranger)}; left out`);
  return children;
}

function textOf(value: Value | null | undefined): string | null {
  return typeof value === "string" ? value : null;
}
