import { connect as connectTo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { appRole } from "../../services/platform/embedded";
import { mintSecret } from "../../services/platform/secrets";
import { testDatabase } from "../support/database";
import { DatabaseProxy } from "../support/proxy";
import { startServers } from "../support/servers";
import { openScim, scimClient } from "./support/door";

interface Answer {
  readonly status: number;
  readonly type: string | null;
  readonly retryAfter: string | null;
  readonly body: { readonly schemas: readonly string[]; readonly status?: string; readonly totalResults?: number };
}

const errorUrn = "urn:ietf:params:scim:api:messages:2.0:Error";

async function ask(url: string, headers: Record<string, string>, init: RequestInit = {}): Promise<Answer> {
  const response = await fetch(url, { ...init, headers: { ...headers, "content-type": "application/scim+json" } });
  const text = await response.text();
  return {
    status: response.status,
    type: response.headers.get("content-type"),
    retryAfter: response.headers.get("retry-after"),
    body: JSON.parse(text) as Answer["body"],
  };
}

test("SCIM-033, SCIM-028, SCIM-011: under load with too few connections, and with the database stopped and back, each answer is the list or a SCIM 503", async () => {
  const idp = await scimClient(await openScim());
  const { name, appUrl } = await testDatabase();
  const proxy = await DatabaseProxy.open((appUrl as { host: string }).host);
  const env = { DATABASE_URL: proxy.url(appRole, name), PLENUM_POOL_MAX: "2", PLENUM_DOORS: "scim" };
  const [server] = await startServers(1, { ...env, PLENUM_SCIM_RATE: "100000" });
  const url = `${server?.base ?? ""}${idp.base}/Users?filter=${encodeURIComponent('userName sw "owner"')}`;
  const headers = { authorization: `Bearer ${idp.token}` };
  expect((await ask(url, headers)).body.totalResults).toBe(1);

  const answers: Answer[] = [];
  let isOver = false;
  const client = async () => {
    while (!isOver) answers.push(await ask(url, headers));
  };
  const clients = Array.from({ length: 40 }, client);
  await sleep(300);
  await proxy.cut();
  await sleep(1_500);
  await proxy.restore();
  await sleep(1_500);
  isOver = true;
  await Promise.all(clients);

  const kinds = new Set(
    answers.map(({ status, type, retryAfter, body }) =>
      status === 200
        ? `200 ${String(type)} ${String(body.totalResults)}`
        : `${status} ${String(type)} ${body.schemas.join()} ${String(body.status)} ${String(Number(retryAfter) > 0)}`,
    ),
  );
  expect([...kinds].sort()).toEqual(["200 application/scim+json 1", `503 application/scim+json ${errorUrn} 503 true`]);
  // It serves again by itself.
  expect((await ask(url, headers)).body.totalResults).toBe(1);
}, 60_000);

test("SCIM-011, SCIM-033: what is no SCIM path, method, version or body is a SCIM error in a whole process too", async () => {
  const idp = await scimClient(await openScim());
  const [server] = await startServers(1, { PLENUM_DOORS: "scim" });
  const base = server?.base ?? "";
  const headers = { authorization: `Bearer ${idp.token}` };
  const large = JSON.stringify({ schemas: ["x"], userName: "x".repeat(2_000_000) });
  const answers = await Promise.all([
    ask(`${base}/scim`, headers),
    ask(`${base}/SCIM/v2/nothing/Users`, headers),
    ask(`${base}/scim/v1/${idp.base.split("/").at(-1) ?? ""}/Users`, headers),
    ask(`${base}${idp.base}/Nothing`, headers),
    ask(`${base}${idp.base}/Users`, headers, { method: "DELETE" }),
    ask(`${base}${idp.base}/Users`, { ...headers, "content-encoding": "gzip" }, { method: "POST", body: "{}" }),
    ask(`${base}${idp.base}/Users`, headers, { method: "POST", body: "{" }),
    ask(`${base}${idp.base}/Users`, headers, { method: "POST", body: large }),
    ask(`${base}${idp.base}/Users?filter=${"x".repeat(10_000)}`, headers),
  ]);

  expect(answers.map(({ status }) => status)).toEqual([404, 404, 400, 404, 405, 415, 400, 413, 414]);
  for (const { status, type, body } of answers) {
    expect([type, body.schemas, body.status]).toEqual(["application/scim+json", [errorUrn], String(status)]);
  }
}, 60_000);

test("SCIM-028: a stranger with an invented token is answered before the body of eight megabytes is read", async () => {
  const idp = await scimClient(await openScim());
  const invented = mintSecret("scim", idp.org.orgId).text;
  const head = [
    `POST ${idp.base}/Groups HTTP/1.1`,
    "Host: localhost",
    `Authorization: Bearer ${invented}`,
    "Content-Type: application/scim+json",
    "Content-Length: 8000000",
  ];
  const answer = await new Promise<string>((resolve, reject) => {
    const socket = connectTo(idp.server.port, "127.0.0.1", () => socket.write(`${head.join("\r\n")}\r\n\r\n{`));
    socket.once("data", (bytes) => {
      socket.destroy();
      resolve(String(bytes));
    });
    socket.once("error", reject);
  });
  expect(answer).toMatch(/^HTTP\/1\.1 401 /);
});
