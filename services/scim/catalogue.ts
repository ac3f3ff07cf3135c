import { listEntitlementsOffered, type OfferedEntitlement } from "../domain/provisioning";
import { readFilter } from "./filter/bind";
import type { ResourceType } from "./attributes/attribute";
import { entitlementType, roleType } from "./attributes/registry";
import { textOf } from "./list-request";
import { readPage } from "./paging";
import { matches } from "./patch/match";
import { readSelection } from "./projection";
import { notFound, ScimRefusal } from "./refusal";
import { renderResource, type Document } from "./render-resource";
import type { Answer, Exchange } from "./request";
import { messages } from "./urns";
import type { Complex, Value, Values } from "./values";

/** The roles that may stand in a User; the owner is made in Plenum only (SCIM-048, SCIM-189). */
const roles: readonly Complex[] = [
  { value: "admin", display: "Admin", description: "Administers members, seats and settings.", supported: true },
  { value: "member", display: "Member", description: "Uses what the licence gives.", supported: true },
  { value: "owner", display: "Owner", description: "Owns the account; given in Plenum only.", supported: false },
].map((role) => ({ id: role.value, ...role, type: "role", limitedAssignmentsPermitted: false }));

function entitlementOf({ code, name, quantity, used }: OfferedEntitlement): Complex {
  return {
    id: code,
    value: code,
    display: name,
    description: `A seat of the plan ${name}.`,
    type: "licence",
    supported: quantity > 0,
    limitedAssignmentsPermitted: true,
    totalAssignmentsPermitted: quantity,
    totalAssignmentsUsed: used,
  };
}

/** `GET /Roles` and `GET /Roles/{id}` (SCIM-066). */
export const listRoles = (exchange: Exchange): Promise<Answer> => Promise.resolve(listed(exchange, roleType, roles));
export const readRole = (exchange: Exchange, id: string): Promise<Answer> =>
  Promise.resolve(found(exchange, roleType, roles, id));

/** `GET /Entitlements`: the counters are those that the next allocation sees (SCIM-066). */
export async function listEntitlements(exchange: Exchange): Promise<Answer> {
  return listed(exchange, entitlementType, await entitlements(exchange));
}

export async function readEntitlement(exchange: Exchange, id: string): Promise<Answer> {
  return found(exchange, entitlementType, await entitlements(exchange), id);
}

async function entitlements({ tx }: Exchange): Promise<Complex[]> {
  return (await listEntitlementsOffered(tx, {})).map(entitlementOf);
}

function listed(exchange: Exchange, type: ResourceType, entries: readonly Complex[]): Answer {
  const { query, dialect, trail } = exchange;
  const page = readPage({ startIndex: query.get("startindex"), count: query.get("count") });
  if (page.by === "cursor") throw new ScimRefusal(400, "invalidCursor", "this list pages by startIndex");
  const text = textOf(query, "filter");
  const filter = text === undefined ? undefined : readFilter(type, text, { dialect, trail });
  const chosen = entries.filter((entry) => !filter || matches(filter, entry));
  const from = page.startIndex - 1;
  const resources = chosen.slice(from, from + page.count).map((entry) => documentOf(exchange, type, entry));
  const document = {
    schemas: [messages.listResponse],
    totalResults: chosen.length,
    startIndex: page.startIndex,
    itemsPerPage: resources.length,
    Resources: resources,
  };
  return { status: 200, document };
}

function found(exchange: Exchange, type: ResourceType, entries: readonly Complex[], id: string): Answer {
  const entry = entries.find((e) => e["id"] === id);
  if (!entry) throw notFound(type.name);
  const document = documentOf(exchange, type, entry);
  return {
    status: 200,
    document,
    headers: { Location: `${exchange.baseUrl}${type.endpoint}/${encodeURIComponent(id)}` },
  };
}

function documentOf({ query, baseUrl, dialect }: Exchange, type: ResourceType, entry: Complex): Document {
  if (dialect.catalogueSchemas === "okta") return oktaDocument(type, entry);
  const location = `${baseUrl}${type.endpoint}/${encodeURIComponent(String(entry["id"]))}`;
  const values: Values = new Map<string, Value>([
    ...Object.entries(entry),
    ["meta", { resourceType: type.name, location }],
  ]);
  return renderResource(type, values, readSelection(type, query.get("attributes"), query.get("excludedattributes")));
}

/** Okta reads catalogues under schemas of its own (SCIM-OK23). */
function oktaDocument(type: ResourceType, { id, display, description, type: kind }: Complex): Document {
  const schemas = [`urn:okta:scim:schemas:core:1.0:${type.name}`];
  return { schemas, id, displayName: display, description, ...(type === entitlementType ? { type: kind } : {}) };
}
