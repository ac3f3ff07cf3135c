import { openLog } from "../../services/platform/log";
import { logLevels, type LogLevel } from "../../services/platform/settings/variables";

function logged(level: LogLevel, write: (log: ReturnType<typeof openLog>) => void): string {
  const lines: string[] = [];
  write(openLog(level, { write: (line: string) => void lines.push(line) }));
  return lines.join("");
}

const secrets = {
  apiToken: "plm_01h455vb4pex5vsknk084sn02q_Zm9vYmFyYmF6cXV4_1a2b3c",
  scimToken: "plmscim_01h455vb4pex5vsknk084sn02q_c2VjcmV0c2VjcmV0_9f8e7d",
  cookie: "__Host-plenum=plmses_abcdef0123456789",
  assertion: "PHNhbWxwOlJlc3BvbnNlIHhtbG5zOnNhbWxwPSJ1cm46b2FzaXM6bmFtZXM6dGM6U0FNTDoyLjA6",
  password: "hunter2hunter2",
  email: "ada.lovelace@example.org",
};

test("SEC-40, OPS-03: tokens, cookies, assertions and addresses appear at no level and in no place", () => {
  const output = logged("trace", (log) => {
    for (const level of logLevels) {
      if (level === "silent") continue;
      log[level]({ req: { headers: { authorization: `Bearer ${secrets.apiToken}`, Cookie: secrets.cookie } } }, "in");
      log[level]({ headers: { "set-cookie": [secrets.cookie], "X-Note": `Bearer ${secrets.scimToken}` } }, "out");
      log[level]({ body: { SAMLResponse: secrets.assertion, RelayState: "x" } }, "posted");
      log[level]({ url: `/sso?email=${secrets.email}&x=1`, form: `SAMLResponse=${secrets.assertion}&a=b` }, "query");
      log[level]({ a: { b: { c: [{ client_secret: secrets.password, email: secrets.email }] } } }, "deep");
      log[level]({ err: new Error(`no such token ${secrets.scimToken} of ${secrets.email}`) }, "failed");
      log[level]({ url: `postgres://app:${secrets.password}@db/plenum` }, `connected as ${secrets.email}`);
      log[level](`plain text with ${secrets.apiToken} and %s`, secrets.scimToken);
    }
  });
  expect(output.trim().split("\n")).toHaveLength(6 * 8);
  for (const [name, secret] of Object.entries(secrets)) expect([name, output.includes(secret)]).toEqual([name, false]);
  expect(output).not.toContain("lovelace");
  expect(output).not.toContain("c2VjcmV0c2VjcmV0");
});

test("SEC-40: the access line of a link from a letter does not hold the link's secret", () => {
  const path = "/sign-in/Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXU";
  expect(JSON.parse(logged("info", (log) => log.info({ method: "GET", path }, "request")))).toMatchObject({
    method: "GET",
    path: "/sign-in/[redacted]",
  });
});

test("SEC-40: an error of the database is told without the row that caused it", () => {
  const duplicate = Object.assign(new Error('duplicate key value violates unique constraint "member_email_once"'), {
    code: "23505",
    constraint: "member_email_once",
    detail: `Key (email)=(${secrets.email}) already exists.`,
    parameters: [secrets.email, "Ada"],
    cause: new Error(`caused by ${secrets.apiToken}`),
  });
  const line = JSON.parse(logged("info", (log) => log.error({ err: duplicate }, "failed"))) as Record<string, unknown>;
  expect(line["err"]).toMatchObject({
    code: "23505",
    constraint: "member_email_once",
    detail: "[redacted]",
    parameters: "[redacted]",
    cause: { message: "caused by plm_[redacted]" },
  });
});

test("OPS-03, SEC-40: what people need is still there, one JSON object a line, line breaks inside it", () => {
  const output = logged("info", (log) => {
    log.info({ requestId: "0199", org: "org_01h455vb4pex5vsknk084sn02q", status: 200, ms: 12.5 }, "first\nsecond");
  });
  expect(output.trimEnd().split("\n")).toHaveLength(1);
  expect(JSON.parse(output)).toMatchObject({
    level: "info",
    requestId: "0199",
    org: "org_01h455vb4pex5vsknk084sn02q",
    status: 200,
    ms: 12.5,
    msg: "first\nsecond",
  });
});

test("SEC-40: a value that is huge, deep or circular does not stop the log", () => {
  const circle: Record<string, unknown> = { name: "circle" };
  circle["self"] = circle;
  const output = logged("info", (log) => {
    log.info({ circle, bytes: Buffer.alloc(10), big: 2n ** 64n, long: "x".repeat(100_000) }, "odd");
  });
  expect(output.length).toBeLessThan(10_000);
  const line = JSON.parse(output) as { bytes: string; big: string };
  expect([line.bytes, line.big]).toEqual(["[10 bytes]", "18446744073709551616"]);
});
