import { listEntitlements, listRoles, readEntitlement, readRole } from "./catalogue";
import { createGroup, listGroups, modifyGroup, readGroup, removeGroupResource, replaceGroup } from "./groups";
import { limits } from "./limits";
import { listAny } from "./list-any";
import { ScimRefusal } from "./refusal";
import type { Answer, Exchange } from "./request";
import { searching } from "./search";
import { createUser, listUsers, modifyUser, readUser, removeUser, replaceUser } from "./users";

type Work = (exchange: Exchange, id: string) => Promise<Answer>;

interface Endpoint {
  /** Methods on the endpoint itself, and on one resource below it. */
  readonly all: Readonly<Partial<Record<Method, Work>>>;
  readonly one: Readonly<Partial<Record<Method, Work>>>;
  /** `POST …/.search` (SCIM-182). */
  readonly search?: Work;
  /** Most bytes of a body; groups carry members. */
  readonly bodyBytes: number;
}

export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

// SCIM-011. Discovery stands apart: it needs neither credentials nor database.
const endpoints: Readonly<Record<string, Endpoint>> = {
  users: {
    all: { GET: listUsers, POST: createUser },
    search: searching(listUsers),
    one: { GET: readUser, PUT: replaceUser, PATCH: modifyUser, DELETE: removeUser },
    bodyBytes: limits.bodyBytes,
  },
  groups: {
    all: { GET: listGroups, POST: createGroup },
    search: searching(listGroups),
    one: { GET: readGroup, PUT: replaceGroup, PATCH: modifyGroup, DELETE: removeGroupResource },
    bodyBytes: limits.groupBodyBytes,
  },
  // The base URL itself: all resource types at once (SCIM-105).
  "": { all: { GET: listAny }, one: {}, bodyBytes: limits.bodyBytes },
  ".search": { all: { POST: searching(listAny) }, one: {}, bodyBytes: limits.bodyBytes },
  roles: { all: { GET: listRoles }, one: { GET: readRole }, bodyBytes: 0 },
  entitlements: { all: { GET: listEntitlements }, one: { GET: readEntitlement }, bodyBytes: 0 },
};

const discovery: ReadonlySet<string> = new Set(["serviceproviderconfig", "resourcetypes", "schemas"]);

export type Route =
  | { readonly kind: "discovery" }
  | { readonly kind: "bulk" }
  | {
      readonly kind: "work";
      readonly work: Work;
      readonly id: string;
      readonly bodyBytes: number;
      readonly reads: boolean;
    };

/**
 * The work behind a method and path below the base URL; endpoint names are compared without case (SCIM-012).
 * @throws ScimRefusal 404 for a path that nobody serves, 405 with `Allow` for a method that it does not take.
 */
export function findRoute(method: string, segments: readonly string[]): Route {
  const [name = "", id, ...more] = segments;
  const key = name.toLowerCase();
  if (more.length === 0 && discovery.has(key)) {
    if (method !== "GET") throw notAllowed(method, ["GET"]);
    return { kind: "discovery" };
  }
  // No token of ours stands for a person (ruling c20).
  if (key === "me" && segments.length === 1) {
    throw new ScimRefusal(501, undefined, "/Me needs a token that stands for a person");
  }
  if (key === "bulk" && segments.length === 1) {
    if (method !== "POST") throw notAllowed(method, ["POST"]);
    return { kind: "bulk" };
  }
  const endpoint = Object.hasOwn(endpoints, key) ? endpoints[key] : undefined;
  if (!endpoint || more.length > 0) throw new ScimRefusal(404, undefined, "no such endpoint");
  const searches = endpoint.search && (id ?? "").toLowerCase() === ".search";
  const works = searches ? { POST: endpoint.search } : id === undefined ? endpoint.all : endpoint.one;
  return routeOf(
    method,
    works,
    id ?? "",
    endpoint.bodyBytes,
    method === "GET" || searches === true || key === ".search",
  );
}

function routeOf(
  method: string,
  works: Readonly<Partial<Record<Method, Work>>>,
  id: string,
  bodyBytes: number,
  reads: boolean,
): Route {
  const work = Object.hasOwn(works, method) ? works[method as Method] : undefined;
  if (!work) throw notAllowed(method, Object.keys(works));
  return { kind: "work", work, id, bodyBytes, reads };
}

function notAllowed(method: string, allowed: readonly string[]): ScimRefusal {
  const allow = allowed.join(", ");
  return new ScimRefusal(405, undefined, `this path does not take ${method.slice(0, 20)}, only ${allow}`, {
    Allow: allow,
  });
}
