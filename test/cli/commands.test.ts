import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { commands } from "../../services/cli/commands";
import type { CommandContext } from "../../services/cli/command";
import { runCommandLine } from "../../services/cli/program";
import { entranceOf } from "../../services/domain/identity";
import { showSeatSummary } from "../../services/domain/subscriptions";
import type { Database } from "../../services/platform/unit-of-work";
import { testWorld, unique } from "../support/world";

const secretKey = "the secret key of the tests, long enough to be one";

let db: Database;
let folder: string;

beforeAll(async () => {
  db = await testWorld();
  folder = mkdtempSync(join(tmpdir(), "plenum-cli-"));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function plenum<T = Record<string, unknown>>(
  ...argv: string[]
): Promise<{ code: number; json: T; out: string; err: string }> {
  const [out, err]: [string[], string[]] = [[], []];
  const config = { secretKey, previousSecretKey: undefined };
  const context = {
    config,
    database: async () => db,
    say: () => undefined,
    close: async () => undefined,
  } as unknown as CommandContext;
  const code = await runCommandLine([...argv, "--json"], commands, {
    output: { out: (text) => out.push(text), err: (text) => err.push(text) },
    context: () => ({ ...context, close: async () => undefined }),
  });
  return { code, json: JSON.parse(out.join("")) as T, out: out.join(""), err: err.join("") };
}

async function createOrg(seats = "5", plan = "teams") {
  const slug = unique("cli");
  const owner = `owner@${slug}.test`;
  const org = await plenum<{ id: string; slug: string; ownerToken: string }>(
    ...[
      "org",
      "create",
      "--name",
      "Command Line",
      "--slug",
      slug,
      "--owner-email",
      owner,
      "--plan",
      plan,
      "--seats",
      seats,
    ],
  );
  return { ...org, slug, domain: `${slug}.test` };
}

test("contract §4: org create answers id, slug and the owner's token; the owner's seat counts", async () => {
  const { code, json, slug } = await createOrg("5");

  expect(code).toBe(0);
  expect(Object.keys(json)).toEqual(["id", "slug", "ownerToken"]);
  expect(json).toMatchObject({ slug, id: expect.stringMatching(/^org_[0-9a-z]{26}$/) });
  const seats = await db.run(entranceOf(json.ownerToken, { requestId: "cli" })!, (tx) => showSeatSummary(tx, {}));
  expect(seats).toMatchObject({ purchased: 5, used: 1, available: 4 });
});

test("contract §1: exit code 1 with the error's code when refused, 2 for wrong usage, one JSON document each", async () => {
  const { slug } = await createOrg();

  const taken = await plenum(
    ...["org", "create", "--name", "X", "--slug", slug, "--owner-email", "x@x.test", "--plan", "teams", "--seats", "1"],
  );
  expect(taken).toMatchObject({ code: 1, json: { error: { code: "duplicate", facts: { field: "slug" } } } });
  expect(await plenum("org", "create", "--name", "X")).toMatchObject({ code: 2, json: { error: { code: "usage" } } });
  expect(await plenum("token", "create", "--org", "nowhere-at-all", "--role", "admin")).toMatchObject({
    code: 1,
    json: { error: { code: "not_found" } },
  });
  const bad = ["--owner-email", "no address", "--plan", "teams", "--seats", "1"];
  expect(await plenum("org", "create", "--name", "X", "--slug", unique("x"), ...bad)).toMatchObject({
    code: 1,
    json: { error: { code: "invalid", facts: { field: "ownerEmail" } } },
  });
  for (const seats of ["0", "-1", "1.5", "many", "1e9"]) {
    expect((await createOrg(seats)).json).toMatchObject({ error: { code: "invalid", facts: { field: "seats" } } });
  }
  const plans = await createOrg("1", "platinum");
  expect(plans.json).toMatchObject({
    error: { code: "invalid", message: expect.stringContaining("free, teams, enterprise") },
  });
});

test("contract §4: tokens are made for an organization by slug or id, and shown once", async () => {
  const { json, slug } = await createOrg();

  const token = await plenum<{ token: string; id: string; expiresAt: string }>(
    "token",
    "create",
    "--org",
    slug,
    "--role",
    "admin",
  );
  expect(token).toMatchObject({
    code: 0,
    json: { id: expect.stringMatching(/^tok_/), expiresAt: expect.stringMatching(/Z$/) },
  });
  const caller = await db.run(entranceOf(token.json.token, { requestId: "cli" })!, async (tx) => tx.caller);
  expect(caller).toMatchObject({ kind: "token", role: "ADMIN", memberId: null });

  const scim = await plenum<{ connectionId: string; baseUrl: string }>("scim-token", "create", "--org", json.id);
  expect(Object.keys(scim.json)).toEqual(["token", "id", "connectionId", "baseUrl", "expiresAt"]);
  expect(scim.json.baseUrl).toBe(`http://localhost:4000/scim/v2/${scim.json.connectionId}`);
  const again = await plenum<{ connectionId: string }>("scim-token", "create", "--org", json.id, "--read-only");
  expect(again.json.connectionId).toBe(scim.json.connectionId);
});

test("contract §4, ruling 12: domain add vouches for a domain", async () => {
  const { slug } = await createOrg();
  const domain = `${unique("more")}.test`;

  expect((await plenum("domain", "add", "--org", slug, "--domain", domain)).json).toEqual({
    domain,
    verifiedBy: "OPERATOR",
  });
  expect(await plenum("domain", "add", "--org", slug, "--domain", "gmail.com")).toMatchObject({ code: 1 });
});

test("contract §4: the catalogue always has free, teams and enterprise as services", async () => {
  const { json } = await plenum<{ code: string; kind: string; isFree: boolean }[]>("plans");

  const services = json.filter((plan) => plan.kind === "SERVICE").map((plan) => plan.code);
  expect(services).toEqual(["free", "teams", "enterprise"]);
});

test("ORG-18, NFR-09: importing says what would happen, does it, and changes nothing the second time", async () => {
  const { slug, domain } = await createOrg("5");
  const file = join(folder, "members.csv");
  const rows = [
    "email,givenName,familyName,department,role,active",
    `ada@${domain},Ada,Lovelace,"R&D, London",admin,`,
    `bob@${domain},Bob,=cmd(),Sales,,`,
    "zoe@elsewhere.example,Zoé,Z,,,non",
    "broken,,,,,",
    ...["x1", "x2", "x3"].map((name) => `${name}@${domain},,,,,`),
  ];
  writeFileSync(file, `\ufeff${rows.join("\r\n")}\r\n`);
  const run = (...more: string[]) => plenum("members", "import", "--org", slug, "--file", file, ...more);
  const refused = [
    { line: 5, code: "invalid" },
    { line: 8, code: "seats_exhausted" },
  ];

  expect((await run("--dry-run")).json).toMatchObject({
    dryRun: true,
    counts: { created: 5, refused: 2 },
    errors: refused,
  });
  expect((await run("--dry-run")).json).toMatchObject({ counts: { created: 5 } });
  expect((await run()).json).toMatchObject({
    dryRun: false,
    counts: { created: 5, updated: 0, refused: 2 },
    errors: refused,
  });
  expect((await run()).json).toMatchObject({ counts: { created: 0, updated: 0, unchanged: 5, refused: 2 } });

  writeFileSync(file, `EMAIL,Department,title\nada@${domain},,Countess\n`);
  expect((await run()).json).toMatchObject({ counts: { updated: 1 } });
  const { json } = await plenum<{ members: Record<string, unknown>[] }>("members", "export", "--org", slug);
  expect(json.members).toHaveLength(6);
  const ada = json.members.find((member) => member.userName === `ada@${domain}`);
  expect(ada).toMatchObject({
    department: "R&D, London",
    title: "Countess",
    role: "ADMIN",
    plan: "teams",
    status: "ACTIVE",
  });
  expect(json.members.find((member) => member.userName === "zoe@elsewhere.example")).toMatchObject({
    status: "SUSPENDED",
    plan: null,
  });
});

test("SEC-33: the CSV export leads a cell that a spreadsheet would run with a quote", async () => {
  const { slug, domain } = await createOrg("5");
  const file = join(folder, "formula.csv");
  writeFileSync(file, `email,familyName\nbob@${domain},=cmd()\n`);
  await plenum("members", "import", "--org", slug, "--file", file);

  const { err } = await plenum("members", "export", "--org", slug);

  expect(err).toContain(",'=cmd(),");
});

test("an import file that is none is refused with the field and what was expected", async () => {
  const { slug } = await createOrg();
  const file = join(folder, "wrong.csv");
  const run = () => plenum("members", "import", "--org", slug, "--file", file);

  writeFileSync(file, "email,shoeSize\na@b.test,43\n");
  expect((await run()).json).toMatchObject({
    error: { code: "invalid", facts: { field: "file", received: "shoeSize" } },
  });
  writeFileSync(file, 'email\n"open\n');
  expect((await run()).json).toMatchObject({ error: { code: "invalid", facts: { field: "file" } } });
  rmSync(file);
  expect((await run()).json).toMatchObject({ error: { code: "invalid", facts: { field: "file" } } });
});

test("OPS-31: key rotate wraps the data keys of one organization", async () => {
  const { slug } = await createOrg();

  expect((await plenum("key", "rotate", "--org", slug)).json).toEqual({ rewrapped: 0 });
});

test("SEC-51, OPS-31: audit verify reads the chain, says so by its exit code, and refuses an anchor that is none", async () => {
  const { slug } = await createOrg();

  expect(await plenum("audit", "verify", "--org", slug)).toMatchObject({
    code: 0,
    json: { ok: true, entries: 0, head: null, broken: null },
  });
  expect(await plenum("audit", "verify", "--org", slug, "--anchor", `1:${"a".repeat(64)}`)).toMatchObject({
    code: 1,
    json: { ok: false, broken: { reason: "anchor_missed" } },
  });
  expect(await plenum("audit", "verify", "--org", slug, "--anchor", "nonsense")).toMatchObject({
    code: 1,
    json: { error: { code: "invalid", facts: { field: "anchor" } } },
  });
});

test("contract §4: mail list shows the kept mails as to, subject, text, html, at", async () => {
  await createOrg();
  const { json } = await plenum<Record<string, unknown>[]>("mail", "list");

  for (const mail of json) expect(Object.keys(mail)).toEqual(["to", "subject", "text", "html", "at"]);
});
