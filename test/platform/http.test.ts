import { Agent, request, type IncomingHttpHeaders } from "node:http";
import { connect as connectSocket } from "node:net";
import express, { json, Router } from "express";
import type { Pool } from "pg";
import { FakeClock, systemClock } from "../../services/kernel/clock";
import { readConfig, type Config } from "../../services/platform/config";
import { admission } from "../../services/platform/http/admission";
import { makeAdminApp, makeApp } from "../../services/platform/http/app";
import { noteAccess, originOf } from "../../services/platform/http/request";
import { openServer, serverTimes, type DrainingServer } from "../../services/platform/http/server";
import { openLog } from "../../services/platform/log";
import { openMetrics } from "../../services/platform/metrics";
import { ReadinessProbe } from "../../services/platform/readiness";
import { closeAfterFile, testSource } from "../support/database";
import { poolOf } from "../../services/platform/data-source";

interface Running {
  readonly url: string;
  readonly server: DrainingServer;
  readonly lines: Record<string, unknown>[];
  readonly readiness: ReadinessProbe;
  readonly metrics: ReturnType<typeof openMetrics>;
}

async function serve(doors: Router, given: Partial<Config> = {}): Promise<Running> {
  const lines: Record<string, unknown>[] = [];
  const log = openLog("debug", {
    write: (line: string) => void lines.push(JSON.parse(line) as Record<string, unknown>),
  });
  const metrics = openMetrics("1.2.3");
  const readiness = new ReadinessProbe(systemClock);
  const config = { ...readConfig({}), ...given };
  const server = openServer(makeApp({ config, log, metrics, readiness }, doors));
  const port = await server.listen(0, "127.0.0.1");
  closeAfterFile(() => server.drain(0));
  return { url: `http://127.0.0.1:${port}`, server, lines, readiness, metrics };
}

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

function ask(
  url: string,
  options: { agent?: Agent; headers?: Record<string, string>; method?: string; body?: string } = {},
): Promise<Answer> {
  const { body, ...rest } = options;
  return new Promise((resolve, reject) => {
    const req = request(url, rest, (res) => {
      let text = "";
      res.on("data", (data: Buffer) => (text += data.toString()));
      res.on("end", () => resolve({ status: res.statusCode as number, headers: res.headers, body: text }));
      res.on("error", reject);
    });
    req.on("error", reject);
    req.end(body);
  });
}

test("GQL-04: what answers nothing, breaks or is too large is JSON with a code and a number, never a page or a stack", async () => {
  const doors = Router();
  doors.get("/breaks", () => {
    throw new Error("select secret from /etc/passwd");
  });
  doors.post("/takes", json({ limit: 100 }), (_req, res) => void res.json({ ok: true }));
  doors.get("/things/:id", (_req, res) => void res.json({}));
  const { url, lines } = await serve(doors);
  const cases: [string, Parameters<typeof ask>[1], number, string][] = [
    ["/nowhere", {}, 404, "not_found"],
    ["/breaks", {}, 500, "internal"],
    ["/takes", { method: "POST", body: "{", headers: { "Content-Type": "application/json" } }, 400, "invalid"],
    [
      "/takes",
      { method: "POST", body: `"${"x".repeat(200)}"`, headers: { "Content-Type": "application/json" } },
      413,
      "too_large",
    ],
    [
      "/takes",
      { method: "POST", body: "{}", headers: { "Content-Type": "application/json", "Content-Encoding": "zip" } },
      415,
      "invalid",
    ],
    ["/things/%", {}, 400, "invalid"],
  ];
  for (const [path, options, status, code] of cases) {
    const answer = await ask(url + path, options);
    const { error } = JSON.parse(answer.body) as { error: { code: string; message: string; requestId: string } };
    expect([path, answer.status, error.code]).toEqual([path, status, code]);
    expect(answer.headers["content-type"]).toBe("application/json; charset=utf-8");
    expect(error.requestId).toBe(answer.headers["x-request-id"]);
    expect(answer.body).not.toMatch(/secret|passwd|\.ts|\n\s+at /);
  }
  expect(lines.filter((line) => line["msg"] === "a request failed")).toHaveLength(1);
});

test("GQL-07, SEC-20: each answer has its number and the safe headers, and says nothing of what made it", async () => {
  const doors = Router().get("/x", (_req, res) => void res.json({}));
  const { url } = await serve(doors, { publicUrl: "https://plenum.example.org" });
  const { headers } = await ask(`${url}/x`);
  expect(headers).toMatchObject({
    "cache-control": "no-store",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'; base-uri 'none'",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "strict-transport-security": "max-age=31536000; includeSubDomains",
  });
  expect(headers["x-request-id"]).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7/);
  expect([headers["x-powered-by"], headers["etag"]]).toEqual([undefined, undefined]);
  const given = await ask(`${url}/x`, { headers: { "X-Request-Id": "client.number-17" } });
  expect(given.headers["x-request-id"]).toBe("client.number-17");
  const odd = await ask(`${url}/x`, { headers: { "X-Request-Id": "<script>alert(1)</script>" } });
  expect(odd.headers["x-request-id"]).toMatch(/^[0-9a-f-]{36}$/);
});

test("OPS-03: one access line a request, with what the door added, without the query; probes are for debugging", async () => {
  const doors = Router().get("/sso", (req, res) => {
    noteAccess(res, { door: "saml", operation: "discover", org: "org_1", sqlCount: 2 });
    res.json(originOf(req, res));
  });
  const { url, lines } = await serve(doors);
  const { body } = await ask(`${url}/sso?email=ada@example.org`, { headers: { "User-Agent": "curl/8" } });
  await ask(`${url}/healthz`);
  const access = lines.filter((line) => line["msg"] === "request");
  expect(access).toHaveLength(2);
  expect(access[0]).toMatchObject({
    level: "info",
    door: "saml",
    operation: "discover",
    method: "GET",
    path: "/sso",
    status: 200,
    org: "org_1",
    sqlCount: 2,
    ms: expect.any(Number) as number,
  });
  expect(access[1]).toMatchObject({ level: "debug", door: "probe", path: "/healthz" });
  expect(JSON.stringify(lines)).not.toContain("ada");
  expect(JSON.parse(body)).toEqual({ requestId: access[0]?.["requestId"], ip: "127.0.0.1", userAgent: "curl/8" });
});

test("SEC-21: the address of a client counts proxies that are trusted, and no others", async () => {
  const doors = Router().get("/ip", (req, res) => void res.json(originOf(req, res).ip));
  const headers = { "X-Forwarded-For": "203.0.113.9" };
  const alone = await serve(doors);
  expect((await ask(`${alone.url}/ip`, { headers })).body).toBe('"127.0.0.1"');
  const behind = await serve(doors, { trustProxy: ["127.0.0.0/8"] });
  expect((await ask(`${behind.url}/ip`, { headers })).body).toBe('"203.0.113.9"');
  const elsewhere = await serve(doors, { trustProxy: ["10.0.0.0/8"] });
  expect((await ask(`${elsewhere.url}/ip`, { headers })).body).toBe('"127.0.0.1"');
});

test("GQL-07: a browser at the other name of this machine is sent to the public one, programs are served", async () => {
  const doors = Router().all("/x", (_req, res) => void res.json("here"));
  const { url, server } = await serve(doors, { publicUrl: "http://localhost:4000" });
  const page = { Accept: "text/html,application/xhtml+xml", "Sec-Fetch-Mode": "navigate" };
  const astray = await ask(`${url}/x?a=1`, { headers: page });
  expect([astray.status, astray.headers.location]).toEqual([307, "http://localhost:4000/x?a=1"]);
  expect((await ask(`${url}/x`, { headers: { Accept: "*/*" } })).body).toBe('"here"');
  expect((await ask(`${url}/x`, { headers: page, method: "POST" })).body).toBe('"here"');
  expect((await ask(`${url}/x`, { headers: { ...page, Host: "localhost:4000" } })).body).toBe('"here"');
  expect((await ask(`${url}/x`, { headers: { ...page, Host: "inner.example" } })).body).toBe('"here"');
  await server.drain(0);
});

describe("GQL-08: an orderly end", () => {
  test("GQL-08: a thousand requests that run when the end begins are all answered", async () => {
    const waiting: (() => void)[] = [];
    const server = openServer(express().get("/slow", (_req, res) => void waiting.push(() => res.end("done"))));
    const port = await server.listen(0, "127.0.0.1");
    const agent = new Agent({ maxSockets: Infinity, keepAlive: true });
    const answers = Array.from({ length: 1_000 }, () => ask(`http://127.0.0.1:${port}/slow`, { agent }));
    while (waiting.length < 1_000) await new Promise((done) => setTimeout(done, 10));
    server.turnAway();
    const drained = server.drain();
    for (const answer of waiting) answer();
    const results = await Promise.all(answers);
    await drained;
    expect(results.filter(({ status, body }) => status === 200 && body === "done")).toHaveLength(1_000);
    expect(new Set(results.map(({ headers }) => headers.connection))).toEqual(new Set(["close"]));
    await expect(ask(`http://127.0.0.1:${port}/slow`)).rejects.toThrow("ECONNREFUSED");
  });

  test("GQL-08: a request that does not end is broken off after the grace", async () => {
    const server = openServer(() => undefined);
    const port = await server.listen(0, "127.0.0.1");
    const stuck = ask(`http://127.0.0.1:${port}/`).catch((error: NodeJS.ErrnoException) => error.code);
    await new Promise((done) => setTimeout(done, 100));
    const began = performance.now();
    await server.drain(300);
    expect(performance.now() - began).toBeLessThan(1_000);
    expect(await stuck).toBe("ECONNRESET");
    expect(serverTimes.graceMs).toBe(20_000);
  });

  test("GQL-08: readiness ends at once while requests are still served", async () => {
    const { url, readiness } = await serve(Router().get("/x", (_req, res) => void res.json("served")));
    readiness.watch(poolOf(await testSource()));
    expect((await ask(`${url}/readyz`)).status).toBe(200);
    readiness.stop();
    const answer = await ask(`${url}/readyz`);
    expect([answer.status, JSON.parse(answer.body)]).toEqual([503, { status: "not ready", reasons: ["stopping"] }]);
    expect((await ask(`${url}/x`)).body).toBe('"served"');
    expect((await ask(`${url}/livez`)).status).toBe(200);
  });
});

describe("GQL-09: connections", () => {
  test("GQL-09: an idle connection outlasts the 60 s of a balancer, and a request has 30 s", async () => {
    const { server, url } = await serve(Router().get("/x", (_req, res) => void res.end()));
    expect(server.server.keepAliveTimeout).toBe(65_000);
    expect(server.server.requestTimeout).toBe(30_000);
    expect((await ask(`${url}/x`, { agent: new Agent({ keepAlive: true }) })).headers["keep-alive"]).toBe("timeout=65");
  });

  test("GQL-09: a header that drips is closed with 408 at ten seconds", async () => {
    const { url } = await serve(Router());
    const socket = connectSocket(Number(new URL(url).port), "127.0.0.1");
    let received = "";
    socket.on("data", (data) => (received += data.toString()));
    socket.on("error", () => undefined);
    const began = performance.now();
    socket.write("GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ");
    const drip = setInterval(() => socket.write("a"), 500);
    await new Promise((done) => socket.once("close", done));
    clearInterval(drip);
    const ms = performance.now() - began;
    expect(received).toMatch(/^HTTP\/1\.1 408 Request Timeout\r\n/);
    expect(ms).toBeGreaterThan(9_900);
    expect(ms).toBeLessThan(12_500);
  });

  test("GQL-05: headers above 16 kB are refused", async () => {
    const { url } = await serve(Router());
    expect((await ask(`${url}/x`, { headers: { "X-Big": "a".repeat(17_000) } })).status).toBe(431);
  });
});

describe("DB-10: admission", () => {
  const waiting = (waitingCount: number): Pool => ({ waitingCount, options: { max: 5 } }) as Pool;

  test.each([
    [20, 200],
    [21, 503],
  ])("DB-10: with %d requests waiting for five connections the next gets %d", async (count, status) => {
    const migrated = { migrated: true } as ReadinessProbe;
    const doors = Router().use(admission(migrated, waiting(count)));
    const { url } = await serve(doors.get("/x", (_req, res) => void res.json({})));
    const answer = await ask(`${url}/x`);
    expect([answer.status, answer.headers["retry-after"]]).toEqual([status, status === 503 ? "2" : undefined]);
  });
});

describe("OPS-01, OPS-02: what operators read", () => {
  test("OPS-02: probes and metrics on a port of their own; then not on the main one, nor there in production", async () => {
    const own = await serve(Router(), { adminPort: 9090 });
    expect((await ask(`${own.url}/metrics`)).status).toBe(404);
    const production = await serve(Router(), { production: true });
    expect((await ask(`${production.url}/metrics`)).status).toBe(404);
    const log = openLog("silent");
    const parts = { config: readConfig({}), log, metrics: own.metrics, readiness: own.readiness };
    const admin = openServer(makeAdminApp(parts));
    const port = await admin.listen(0, "127.0.0.1");
    closeAfterFile(() => admin.drain(0));
    const metrics = await ask(`http://127.0.0.1:${port}/metrics`);
    expect(metrics.status).toBe(200);
    expect(metrics.headers["content-type"]).toBe("text/plain; version=0.0.4; charset=utf-8");
    expect(metrics.body).toContain('plenum_build_info{version="1.2.3"} 1');
    expect((await ask(`http://127.0.0.1:${port}/livez`)).body).toBe('{"status":"ok"}');
    expect((await ask(`http://127.0.0.1:${port}/graphql`)).status).toBe(404);
  });

  test("OPS-01: error rate, latency by operation, waiting for connections, lag of the event loop, freshness", async () => {
    const doors = Router();
    doors.get("/ok", (_req, res) => {
      noteAccess(res, { door: "gateway", operation: "members" });
      res.json({});
    });
    doors.get("/bad", (_req, res) => void res.status(503).json({}));
    const { url, metrics } = await serve(doors);
    metrics.watchPool("requests", poolOf(await testSource({ max: 3 })));
    metrics.fresh("outbox", 1.5);
    for (let n = 0; n < 8; n++) await ask(`${url}/ok`);
    await ask(`${url}/bad`);
    await ask(`${url}/healthz`);
    const minute = metrics.closeMinute();
    expect(minute).toMatchObject({ requests: 9, errorRatio: 1 / 9, down: true });
    expect(minute.operations.map(({ operation, requests }) => [operation, requests])).toEqual([
      ["gateway members", 8],
      ["http GET", 1],
    ]);
    const page = (await ask(`${url}/metrics`)).body;
    expect(page).toContain('plenum_requests_total{door="gateway",status="2xx"} 8');
    expect(page).toContain('plenum_requests_total{door="http",status="5xx"} 1');
    expect(page).toMatch(/plenum_sli_error_ratio 0\.111/);
    expect(page).toMatch(/plenum_sli_latency_seconds\{operation="gateway members",quantile="0\.99"\} 0\.\d+/);
    expect(page).toContain("plenum_sli_down_minutes_total 1");
    expect(page).toContain('plenum_sli_freshness_seconds{what="outbox"} 1.5');
    expect(page).toContain('plenum_pool_connections{pool="requests",state="waiting"} 0');
    expect(page).toMatch(/nodejs_eventloop_lag_p99_seconds \d/);
    expect(metrics.closeMinute()).toEqual({ requests: 0, errorRatio: 0, down: false, operations: [] });
  });

  test("OPS-01: names that clients make up do not become labels without end", async () => {
    const metrics = openMetrics("x");
    for (let n = 0; n < 1_000; n++) metrics.request("gateway", `made-up-${n}`, 200, 0.01);
    const page = await metrics.registry.metrics();
    expect(page.match(/plenum_request_seconds_count\{/g)).toHaveLength(201);
    expect(page).toContain('plenum_request_seconds_count{door="gateway",operation="other"} 800');
  });
});

test("REL-25: a clock that is more than two seconds off the database's makes the process not ready", async () => {
  const pool = poolOf(await testSource());
  const clock = new FakeClock(new Date(Date.now() + 2_500));
  const ahead = new ReadinessProbe(clock);
  ahead.watch(pool);
  expect(await ahead.check()).toEqual({ ready: false, reasons: ["clock"] });
  const near = new ReadinessProbe(new FakeClock(new Date(Date.now() + 1_000)));
  near.watch(pool);
  expect(await near.check()).toEqual({ ready: true, reasons: [] });
});
