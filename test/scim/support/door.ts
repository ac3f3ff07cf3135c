import { Router } from "express";
import { Agent, createServer, request as httpRequest, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { createScimToken } from "../../../services/domain/identity";
import { publicId, type ConnectionId } from "../../../services/kernel/ids";
import { systemClock } from "../../../services/kernel/clock";
import { readConfig, type Config } from "../../../services/platform/config";
import type { DoorContext } from "../../../services/platform/door";
import { makeApp } from "../../../services/platform/http/app";
import { openLog } from "../../../services/platform/log";
import { openMetrics } from "../../../services/platform/metrics";
import { ReadinessProbe } from "../../../services/platform/readiness";
import type { Database } from "../../../services/platform/unit-of-work";
import { scimDoor } from "../../../services/scim/door";
import type { Preset } from "../../../services/scim/dialects";
import { closeAfterFile, connect, testDatabase } from "../../support/database";
import { buildOrg, publicUrl, testWorld, type TestOrg, type WorldOptions } from "../../support/world";

export interface Reply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- a JSON document, asserted on by its keys
  readonly body: any;
}

export interface Send {
  readonly method?: string;
  readonly path: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Bytes to send as they are. */
  readonly raw?: Buffer | string;
}

/** The SCIM door on a port of its own, over this worker's database. */
export interface ScimServer {
  readonly db: Database;
  readonly port: number;
  send(request: Send): Promise<Reply>;
}

export async function openScim(options: WorldOptions = {}, given: Partial<Config> = {}): Promise<ScimServer> {
  const db = await testWorld(options);
  const log = openLog("silent");
  const config: Partial<Config> = { publicUrl, ...given };
  const context = { db, log, config, masterSecret: "the secret of the tests" } as DoorContext;
  const { router, direct } = scimDoor(context);
  const readiness = new ReadinessProbe(systemClock);
  const parts = { config: { ...readConfig({}), ...config }, log, metrics: openMetrics("test"), readiness };
  const server = createServer(makeApp(parts, router ?? Router(), () => (direct ? [direct] : [])));
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as AddressInfo;
  const agent = new Agent({ keepAlive: true });
  closeAfterFile(async () => {
    agent.destroy();
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  });
  return { db, port, send: (request) => send(agent, port, request) };
}

function send(agent: Agent, port: number, { method = "GET", path, body, headers = {}, raw }: Send): Promise<Reply> {
  const bytes = raw ?? (body === undefined ? undefined : JSON.stringify(body));
  const type = body === undefined ? {} : { "content-type": "application/scim+json" };
  return new Promise((resolve, reject) => {
    const length = bytes === undefined ? {} : { "content-length": String(Buffer.byteLength(bytes)) };
    const outgoing = httpRequest({
      agent,
      port,
      host: "127.0.0.1",
      method,
      path,
      headers: { ...length, ...type, ...headers },
    });
    outgoing.on("error", reject);
    outgoing.on("response", (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
      incoming.on("error", reject);
      incoming.on("end", () => {
        const text = Buffer.concat(chunks).toString("utf8");
        const isJson = (incoming.headers["content-type"] ?? "").includes("json");
        resolve({
          status: incoming.statusCode ?? 0,
          headers: incoming.headers,
          text,
          body: isJson ? JSON.parse(text) : undefined,
        });
      });
    });
    outgoing.end(bytes);
  });
}

/** One organization's connection, spoken to as its identity provider does. */
export class ScimClient {
  constructor(
    readonly server: ScimServer,
    readonly org: TestOrg,
    readonly connectionId: ConnectionId,
    readonly token: string,
    private readonly defaults: Readonly<Record<string, string>> = {},
  ) {}

  get base(): string {
    return `/scim/v2/${publicId("connection", this.connectionId)}`;
  }

  get baseUrl(): string {
    return `${publicUrl}${this.base}`;
  }

  /** The same connection with other headers in every request. */
  with(headers: Readonly<Record<string, string>>): ScimClient {
    return new ScimClient(this.server, this.org, this.connectionId, this.token, { ...this.defaults, ...headers });
  }

  send(request: Send): Promise<Reply> {
    const authorization = `Bearer ${this.token}`;
    const headers = { authorization, ...this.defaults, ...request.headers };
    return this.server.send({ ...request, path: `${this.base}${request.path}`, headers });
  }

  get(path: string, headers: Readonly<Record<string, string>> = {}): Promise<Reply> {
    return this.send({ path, headers });
  }

  post(path: string, body: unknown, headers: Readonly<Record<string, string>> = {}): Promise<Reply> {
    return this.send({ method: "POST", path, body, headers });
  }

  put(path: string, body: unknown, headers: Readonly<Record<string, string>> = {}): Promise<Reply> {
    return this.send({ method: "PUT", path, body, headers });
  }

  patch(path: string, body: unknown, headers: Readonly<Record<string, string>> = {}): Promise<Reply> {
    return this.send({ method: "PATCH", path, body, headers });
  }

  delete(path: string, headers: Readonly<Record<string, string>> = {}): Promise<Reply> {
    return this.send({ method: "DELETE", path, headers });
  }

  /** The users that a filter finds. */
  async find(filter: string, endpoint = "/Users"): Promise<Reply["body"]> {
    return (await this.get(`${endpoint}?filter=${encodeURIComponent(filter)}`)).body;
  }
}

export interface ClientOptions {
  readonly preset?: Preset;
  readonly switches?: Readonly<Record<string, unknown>>;
  readonly seats?: number;
  readonly plan?: string;
  readonly scopes?: readonly string[];
  readonly headers?: Readonly<Record<string, string>>;
}

/** An organization with a SCIM connection of a preset. */
export async function scimClient(server: ScimServer, options: ClientOptions = {}): Promise<ScimClient> {
  const org = await buildOrg(server.db, {
    seats: options.seats ?? 50,
    ...(options.plan ? { plan: options.plan } : {}),
  });
  return clientOf(server, org, options);
}

/** A further token, or the first, of an organization. */
export async function clientOf(server: ScimServer, org: TestOrg, options: ClientOptions = {}): Promise<ScimClient> {
  const { scopes } = options;
  const made = await org.run((tx) => createScimToken(tx, scopes ? { scopes } : {}), org.operator);
  if (options.preset ?? options.switches) {
    await asOwner("update identity_connection set preset = $3, switches = $4 where org_id = $1 and id = $2", [
      org.orgId,
      made.connectionId,
      options.preset ?? "tolerant",
      JSON.stringify(options.switches ?? {}),
    ]);
  }
  return new ScimClient(server, org, made.connectionId, made.text, options.headers);
}

let superuser: ReturnType<typeof connect> | undefined;
let last: Promise<unknown> = Promise.resolve();

/** A statement as the superuser, for what no use case does yet; one connection for the file, one statement at a time. */
export async function asOwner(text: string, values: readonly unknown[]): Promise<readonly Record<string, unknown>[]> {
  superuser ??= testDatabase().then(({ superUrl }) => connect(superUrl));
  const client = await superuser;
  const answer = last.then(() => client.query<Record<string, unknown>>(text, [...values]));
  last = answer.catch(() => undefined);
  return (await answer).rows;
}

export const patchOp = (...operations: readonly object[]): object => ({
  schemas: ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
  Operations: operations,
});
