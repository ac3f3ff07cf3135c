import { scimEntrance, type RecentTokens, type ScimEntrance, type ScimTokenRow } from "../domain/identity";
import { publicId, type ConnectionId } from "../kernel/ids";
import type { Origin } from "../platform/caller";
import { readCredentials, type Credentials } from "./credentials";
import { dialectOf, type Dialect } from "./dialects";
import { ScimRefusal } from "./refusal";

/** A token's way in, and in which form it was presented. */
export interface ScimGate {
  readonly entrance: ScimEntrance;
  readonly credentials: Credentials;
}

/**
 * Finds the way in for an Authorization header at the path of one connection (SCIM-040, SCIM-043).
 * @throws ScimRefusal 401.
 */
export function openGate(
  header: string | undefined,
  connectionId: ConnectionId,
  origin: Origin,
  recent?: RecentTokens,
): ScimGate {
  if (header === undefined) throw unauthorized("no credentials were given");
  const credentials = readCredentials(header);
  const agrees = credentials?.user === undefined || credentials.user === publicId("connection", connectionId);
  const entrance = credentials && agrees ? scimEntrance(credentials.token, connectionId, origin, recent) : undefined;
  if (!credentials || !entrance) throw badToken();
  return { entrance, credentials };
}

/**
 * The dialect of an identified connection.
 * @throws ScimRefusal 401 where the token came in a form that this connection does not take.
 */
export function dialectBehind({ entrance, credentials }: ScimGate): { connection: ScimTokenRow; dialect: Dialect } {
  const { connection } = entrance;
  if (!connection) throw new Error("the token is not identified yet");
  const dialect = dialectOf(connection.preset, connection.switches);
  const { form } = credentials;
  if ((form === "raw" && !dialect.rawAuthorization) || (form === "basic" && !dialect.basicAuth)) throw badToken();
  return { connection, dialect };
}

/** One answer for unknown, expired, revoked and foreign tokens; RFC 6750 §3 names the error only when one was given. */
export function badToken(): ScimRefusal {
  return unauthorized("the token is not valid for this connection", ', error="invalid_token"');
}

function unauthorized(detail: string, error = ""): ScimRefusal {
  return new ScimRefusal(401, undefined, detail, { "WWW-Authenticate": `Bearer realm="scim"${error}` });
}
