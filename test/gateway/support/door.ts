import { createServer, request as httpRequest, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import express from "express";
import { createToken } from "../../../services/domain/identity";
import { openGateway, type GatewayOptions } from "../../../services/gateway";
import type { MemberId } from "../../../services/kernel/ids";
import type { Role } from "../../../services/platform/caller";
import type { Config } from "../../../services/platform/config";
import { nothingHere, safeHeaders } from "../../../services/platform/http/replies";
import { accessLine } from "../../../services/platform/http/request";
import { openLog } from "../../../services/platform/log";
import { openMetrics } from "../../../services/platform/metrics";
import type { Database } from "../../../services/platform/unit-of-work";
import { closeAfterFile } from "../../support/database";
import { publicUrl, testWorld, type TestOrg, type WorldOptions } from "../../support/world";

export interface Reply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  readonly ms: number;
}

export interface Send {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as it is. */
  readonly raw?: string | Buffer;
  readonly body?: unknown;
}

export interface TopError {
  readonly message: string;
  readonly path?: readonly (string | number)[];
  readonly locations?: readonly { line: number; column: number }[];
  readonly extensions: {
    readonly code: string;
    readonly limit?: string;
    readonly facts?: Readonly<Record<string, unknown>>;
    readonly errorId?: string;
  };
}

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- a JSON document, asserted on by its keys
export type Data = any;

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly data: Data;
  readonly errors: readonly TopError[];
  readonly text: string;
  readonly ms: number;
}

export interface DoorOptions extends GatewayOptions, Omit<WorldOptions, "observe"> {
  readonly production?: boolean;
  readonly db?: Database;
  /** What the log of the door receives. */
  readonly lines?: string[];
}

const silent = openLog("silent");

/** The GraphQL door on a port of its own, over this worker's database, with an ear for its statements. */
export class GraphqlDoor {
  readonly statements: string[];

  private constructor(
    readonly db: Database,
    readonly port: number,
    statements: string[],
  ) {
    this.statements = statements;
  }

  static async open(options: DoorOptions = {}): Promise<GraphqlDoor> {
    const { production = false, lines, ...rest } = options;
    const statements: string[] = [];
    const db = options.db ?? (await testWorld({ ...rest, observe: (text) => statements.push(text) }));
    const log = lines ? openLog("info", { write: (line) => void lines.push(line) }) : silent;
    const config = { publicUrl, production } as Config;
    const door = await openGateway(
      { config, db, log, masterSecret: "the master secret of the tests, long enough" },
      rest,
    );
    const app = express();
    app.disable("etag").disable("x-powered-by");
    app.use(accessLine(log, openMetrics("test")), safeHeaders(publicUrl));
    if (door.router) app.use(door.router);
    app.use(nothingHere);
    const server = createServer(app);
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    closeAfterFile(async () => {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
      await door.close?.();
    });
    return new GraphqlDoor(db, (server.address() as AddressInfo).port, statements);
  }

  /** The statements that a request sends, without the transaction around them. */
  async counting<T>(work: () => Promise<T>): Promise<{ result: T; statements: string[] }> {
    this.statements.length = 0;
    const result = await work();
    return { result, statements: [...this.statements] };
  }

  async send({ method = "POST", path = "/graphql", headers = {}, raw, body }: Send): Promise<Reply> {
    const bytes = raw ?? (body === undefined ? undefined : JSON.stringify(body));
    const began = performance.now();
    return new Promise((resolve, reject) => {
      const type = body === undefined ? {} : { "content-type": "application/json" };
      const length = bytes === undefined ? {} : { "content-length": String(Buffer.byteLength(bytes)) };
      const all = { ...length, ...type, ...headers };
      const outgoing = httpRequest({ port: this.port, host: "127.0.0.1", method, path, headers: all }, (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
        incoming.on("error", reject);
        incoming.on("end", () => {
          const text = Buffer.concat(chunks).toString();
          const ms = performance.now() - began;
          resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, text, ms });
        });
      });
      outgoing.on("error", reject);
      outgoing.end(bytes);
    });
  }

  /** Asks as a client of GraphQL over HTTP. */
  async ask(
    token: string | undefined,
    query: string,
    variables?: Readonly<Record<string, unknown>>,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Answer> {
    const reply = await this.send({
      body: { query, ...(variables && { variables }) },
      headers: {
        accept: "application/graphql-response+json",
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...headers,
      },
    });
    return answerOf(reply);
  }
}

export function answerOf(reply: Reply): Answer {
  const { data, errors = [] } = JSON.parse(reply.text) as { data?: Data; errors?: TopError[] };
  const { status, headers, text, ms } = reply;
  return { status, headers, text, ms, data, errors };
}

/** An API token of an organization; with a member it acts as theirs. */
export async function tokenOf(org: TestOrg, role: Role, memberId?: MemberId): Promise<string> {
  const { text } = await org.run(
    (tx) => createToken(tx, { name: `${role} token`, role, ...(memberId === undefined ? {} : { memberId }) }),
    role === "OWNER" ? org.owner : org.operator,
  );
  return text;
}
