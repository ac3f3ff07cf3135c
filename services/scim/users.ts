import { parseId, type MemberId } from "../kernel/ids";
import {
  changeProvisionedMember,
  deprovisionMember,
  findProvisionedMember,
  listProvisionedMembers,
  lockProvisionedMember,
  provisionMember,
  showProvisionedMember,
  type GroupsAsked,
  type MemberRow,
  type ProvisionedMember,
} from "../domain/provisioning";
import { findPlace, userType, type Place } from "./attributes/registry";
import { listDocument } from "./list-document";
import { readList } from "./list-request";
import { planPatch } from "./patch/plan-patch";
import { readOperations } from "./patch/operation";
import { readSelection, type Selection } from "./projection";
import { readResource } from "./read-resource";
import { renderResource } from "./render-resource";
import { replacedValues } from "./replace-resource";
import { bodyOf, resourceAnswer, warnAll, type Answer, type Exchange } from "./request";
import {
  changesOf,
  optionCodes,
  profileOf,
  roleNames,
  rowsOf,
  withoutEchoedName,
  type UserChanges,
} from "./user-changes";
import { shownUser, storedUser } from "./user-document";
import { plenumUser } from "./urns";
import type { Complex, Value, Values } from "./values";
import { checkIfMatch, namesVersion } from "./versions";

const groupsPlace = findPlace(userType, "groups") as Place;

function selectionOf({ query }: Exchange): Selection {
  return readSelection(userType, query.get("attributes"), query.get("excludedattributes"));
}

function answerWith(exchange: Exchange, member: ProvisionedMember, selection: Selection, status: number): Answer {
  const values = shownUser(member, exchange.baseUrl);
  const { location, version } = values.get("meta") as Complex;
  const meta = { location: String(location), version: String(version) };
  return resourceAnswer(status, renderResource(userType, values, selection), meta);
}

async function readMember(exchange: Exchange, id: MemberId, selection: Selection): Promise<ProvisionedMember> {
  const groups: GroupsAsked = selection.shows(groupsPlace) ? "all" : "none";
  return findProvisionedMember(exchange.tx, { by: exchange.by, id, groups });
}

/** `GET /Users/{id}`: inactive ones too (SCIM-100). */
export async function readUser(exchange: Exchange, publicId: string): Promise<Answer> {
  const selection = selectionOf(exchange);
  const member = await readMember(exchange, parseId("member", publicId), selection);
  if (exchange.ifNoneMatch !== undefined && namesVersion(exchange.ifNoneMatch, member.version)) {
    return { status: 304, headers: { ETag: `W/"${member.version}"` } };
  }
  return answerWith(exchange, member, selection, 200);
}

/** `GET /Users` (SCIM-101). */
export async function listUsers(exchange: Exchange): Promise<Answer> {
  const selection = selectionOf(exchange);
  const list = readList(userType, exchange);
  const groups: GroupsAsked = selection.shows(groupsPlace) ? "direct" : "none";
  const listed = await listProvisionedMembers(exchange.tx, { by: exchange.by, query: list.query, groups });
  const render = (row: ProvisionedMember) => renderResource(userType, shownUser(row, exchange.baseUrl), selection);
  return { status: 200, document: listDocument(list, listed, render) };
}

/** `POST /Users` (SCIM-090). */
export async function createUser(exchange: Exchange): Promise<Answer> {
  const { tx, by } = exchange;
  const selection = selectionOf(exchange);
  const given = readResource(userType, bodyOf(exchange), exchange);
  const values: Values = new Map([...given].filter((entry): entry is [string, Value] => entry[1] !== null));
  const licence = values.get(`${plenumUser}:licence`);
  const externalId = values.get("externalId");
  const { changes } = changesOf(new Map(), values);
  const profile = { userName: "", ...changes.find((change) => change.kind === "profile")?.set };
  exchange.note.name = profile.userName;
  const rest = changes.find((change) => change.kind === "rest")?.set ?? {};
  const lists = [...values].flatMap(([key, value]) =>
    findPlace(userType, key)?.attribute.stored.in === "rows" ? rowsOf(key, value) : [],
  );
  const { id, member, warnings, seatEffect } = await provisionMember(tx, {
    ...(exchange.newId === undefined ? {} : { id: exchange.newId as MemberId }),
    by,
    profile,
    values: lists,
    rest: Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== null)),
    active: values.get("active") !== false,
    externalId: typeof externalId === "string" ? externalId : null,
    roles: roleNames(values, new Set(values.keys())),
    ...(typeof licence === "string" ? { licence } : {}),
    options: optionCodes(values),
  });
  warnAll(exchange.trail, warnings);
  Object.assign(exchange.note, { resource: { kind: "member", id }, changed: [...values.keys()], seatEffect });
  return answerWith(exchange, member, selection, 201);
}

/** `PUT /Users/{id}` (SCIM-140). */
export async function replaceUser(exchange: Exchange, publicId: string): Promise<Answer> {
  const given = readResource(userType, bodyOf(exchange), exchange);
  return writeUser(exchange, publicId, 200, (before) =>
    withoutEchoedName(before, replacedValues(userType, before, given)),
  );
}

/** `PATCH /Users/{id}` (SCIM-150). */
export async function modifyUser(exchange: Exchange, publicId: string): Promise<Answer> {
  const operations = readOperations(userType, bodyOf(exchange), exchange);
  const { patchResponse } = exchange.dialect;
  return writeUser(exchange, publicId, patchResponse === "204" ? 204 : 200, (before) =>
    withoutEchoedName(before, planPatch(userType, before, operations, exchange).values),
  );
}

async function writeUser(
  exchange: Exchange,
  publicId: string,
  status: 200 | 204,
  next: (before: Values) => Values,
): Promise<Answer> {
  const { tx, by, query } = exchange;
  const selection = selectionOf(exchange);
  const id = parseId("member", publicId);
  exchange.note.resource = { kind: "member", id };
  const groups: GroupsAsked = selection.shows(groupsPlace) ? "all" : "none";
  const member = await lockProvisionedMember(tx, { by, id, groups });
  checkIfMatch(exchange.ifMatch, member.version);
  const before = storedUser(member);
  const after = next(before);
  const difference = changesOf(before, after);
  exchange.note.name = profileOf(after).userName;
  const isChanged = difference.names.length > 0 || member.managedBy === null;
  const row = isChanged ? await applyChanges(exchange, member, difference) : member;
  const shown = row ? await showProvisionedMember(tx, by, row) : await readMember(exchange, id, selection);
  const answer = answerWith(exchange, shown, selection, 200);
  // Whoever names attributes wants to see them (RFC 7644 §3.5.2).
  const isBare = status === 204 && !query.has("attributes") && !query.has("excludedattributes");
  return isBare ? { status, headers: { ETag: answer.headers?.["ETag"] ?? "" } } : answer;
}

async function applyChanges(
  exchange: Exchange,
  before: MemberRow,
  difference: UserChanges,
): Promise<MemberRow | undefined> {
  const { names, ...changes } = difference;
  const asked = { by: exchange.by, member: before, ...changes };
  const { warnings, seatEffect, member } = await changeProvisionedMember(exchange.tx, asked);
  warnAll(exchange.trail, warnings);
  Object.assign(exchange.note, { changed: names, seatEffect });
  return member;
}

/** `DELETE /Users/{id}` (SCIM-170). */
export async function removeUser(exchange: Exchange, publicId: string): Promise<Answer> {
  const { tx, by } = exchange;
  const id = parseId("member", publicId);
  exchange.note.resource = { kind: "member", id };
  const member = await lockProvisionedMember(tx, { by, id });
  checkIfMatch(exchange.ifMatch, member.version);
  await deprovisionMember(tx, { by, id });
  const held = member.planCode !== null;
  Object.assign(exchange.note, { changed: ["id"], seatEffect: held ? "released" : null });
  return { status: 204 };
}
