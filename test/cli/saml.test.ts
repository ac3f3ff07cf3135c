import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { commands } from "../../services/cli/commands";
import type { CommandContext } from "../../services/cli/command";
import { runCommandLine } from "../../services/cli/program";
import type { Database } from "../../services/platform/unit-of-work";
import { answered, Browser, connectIdp, openSaml, signIn, type SamlSite } from "../support/saml-door";
import { makeKeys, type KeyPair } from "../support/saml-kit";
import { buildOrg, testWorld, type TestOrg } from "../support/world";

let db: Database;
let base: string;
let keys: KeyPair;
let org: TestOrg;
let idp: SamlSite;
let folder: string;

beforeAll(async () => {
  db = await testWorld();
  folder = mkdtempSync(join(tmpdir(), "plenum-cli-"));
  [base, keys] = await Promise.all([openSaml(db), makeKeys("idp")]);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

beforeEach(async () => {
  org = await buildOrg(db);
  idp = await connectIdp(org, keys);
});

interface Shown {
  readonly samlState: string;
  readonly idpInitiated: string;
  readonly skewSeconds: number;
  readonly mapping: object;
  readonly signRequests: boolean;
  readonly certificates: readonly { readonly id: string; readonly sha256: string; readonly status: string }[];
  readonly keys: readonly { readonly id: string; readonly use: string; readonly status: string }[];
  readonly error: { readonly code: string };
}

async function plenum(...argv: string[]): Promise<{ code: number; json: Shown & { id: string; status: string } }> {
  const out: string[] = [];
  const context = { database: async () => db, say: () => undefined, close: async () => undefined };
  const code = await runCommandLine([...argv, "--org", org.slug, "--json"], commands, {
    output: { out: (text) => out.push(text), err: () => undefined },
    context: () => context as unknown as CommandContext & { close(): Promise<void> },
  });
  return { code, json: JSON.parse(out.join("")) as Shown & { id: string; status: string } };
}

const person = () => ({ assertion: { nameId: "ada", attributes: [["email", [org.email("ada")]]] as const } });

test("SAML-11, SAML-55: `saml set` changes what an administrator could, and refuses what they could not", async () => {
  const set = await plenum("saml", "set", "--idp-initiated", "restart", "--skew-seconds", "120", "--profile", "okta");
  expect(set.json).toMatchObject({ samlState: "ACTIVE", idpInitiated: "restart", skewSeconds: 120 });
  expect(set.json.mapping).toMatchObject({ givenName: "firstName" });

  expect((await plenum("saml", "set", "--skew-seconds", "301")).json.error).toMatchObject({ code: "invalid" });
  expect((await plenum("saml", "set")).json.error).toMatchObject({ code: "invalid" });
  expect((await plenum("saml", "set", "--require-encryption", "on")).json.error).toMatchObject({ code: "conflict" });
  expect((await plenum("saml", "set", "--idp-initiated", "perhaps")).code).toBe(2);
  expect((await plenum("saml", "set", "--state", "disabled")).json.samlState).toBe("DISABLED");
});

test("SAML-11: another organization's connection, certificate and key are not found", async () => {
  const theirs = await connectIdp(await buildOrg(db), keys);
  const { connectionId } = theirs.connection.urls;

  expect((await plenum("saml", "show", "--connection", connectionId)).json.error).toMatchObject({ code: "not_found" });
  expect((await plenum("saml", "set", "--connection", connectionId, "--state", "disabled")).code).toBe(1);
});

test("SAML-16, SAML-A105: the second certificate vouches beside the first; a retired one no longer, a compromised one ends sessions", async () => {
  const next = await makeKeys("next");
  const file = join(folder, "next.pem");
  writeFileSync(file, next.certificatePem);
  const added = await plenum("saml", "certificate", "add", "--file", file);
  expect(added.json).toMatchObject({ sha256: next.sha256, status: "LIVE" });

  const browser = new Browser(base);
  expect((await signIn(browser, idp, { ...person(), keys: next })).session).toMatchObject({ role: "MEMBER" });
  const [first] = (await plenum("saml", "show")).json.certificates;
  expect((await plenum("saml", "certificate", "retire", "--certificate", first?.id ?? "")).json.status).toBe("RETIRED");
  expect((await signIn(new Browser(base), idp, person())).session).toBeNull();
  expect((await browser.get("/session")).status).toBe(200);

  const stopped = await plenum("saml", "certificate", "compromise", "--certificate", added.json.id);
  expect(stopped.json).toEqual({ sessionsEnded: 1 });
  expect((await browser.get("/session")).status).toBe(401);
  expect((await plenum("saml", "certificate", "add", "--file", join(folder, "absent.pem"))).json.error).toMatchObject({
    code: "invalid",
  });
});

test("SAML-15: keys of ours rotate while people sign in, and not one sign-in fails", async () => {
  await plenum("saml", "key", "add", "--use", "signing");
  await plenum("saml", "set", "--sign-requests", "on");
  const stream = { running: true };
  const results: unknown[] = [];
  const signingIn = (async () => {
    while (stream.running) results.push((await signIn(new Browser(base), idp, person())).session);
  })();

  // Begun before the rotation, answered after it.
  const halfway = new Browser(base);
  const { form } = await answered(halfway, idp, person());
  const waiting = (await plenum("saml", "show")).json.keys.find(({ status }) => status === "NEXT");
  for (const to of ["published", "active"]) {
    expect((await plenum("saml", "key", "move", "--key", waiting?.id ?? "", "--to", to)).json.status).toBe(
      to.toUpperCase(),
    );
  }
  const old = (await plenum("saml", "show")).json.keys.find((key) => key.status === "PUBLISHED");
  expect((await plenum("saml", "key", "move", "--key", old?.id ?? "", "--to", "retired")).json.status).toBe("RETIRED");
  const posted = await halfway.post(idp.connection.urls.acsUrl, form);
  expect((await halfway.get(posted.location ?? "")).status).toBe(303);
  stream.running = false;
  await signingIn;

  expect(results.length).toBeGreaterThan(0);
  expect(results.filter((session) => session === null)).toEqual([]);
});

test("SAML-98: `sso dry-run` lists who would be locked out and why, and changes nothing", async () => {
  const { json } = await plenum("sso", "dry-run");
  const owner = { email: org.email("owner"), reasons: ["NO_RECENT_SSO"] };

  expect(json).toMatchObject({ lockedOut: [owner], apiTokens: 0, digest: expect.stringMatching(/^[0-9a-f]{64}$/) });
  expect((await plenum("sso", "enforcement")).json).toMatchObject({ policy: "OFF" });
});
