import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { inflateRawSync } from "node:zlib";
import type { BenchCase } from "../bench";
import { median, round, type BenchResult } from "../compare";
import { cpuMs } from "../load";
import { idpMetadata } from "../../support/idp-metadata";
import { login, makeKeys, type KeyPair, type Scene } from "../../support/saml-kit";

interface Imported {
  readonly acsUrl: string;
  readonly loginUrl: string;
  readonly entityId: string;
}

interface Ready {
  readonly form: string;
  readonly cookie: string;
}

const perRound = 150;
const atOnce = 8;
const rounds = 5;
const idpEntityId = "https://idp.bench.example/metadata";

/** A whole sign-in after the identity provider's page: ACS POST and `/complete`, to a session. */
export const samlAcs: BenchCase = {
  names: ["saml.acs"],
  async run(bench) {
    const keys = await makeKeys("idp");
    await bench.command([
      ...["org", "create", "--name", "Bench", "--slug", "saml", "--owner-email", "owner@saml.test"],
      ...["--plan", "enterprise", "--seats", "100000"],
    ]);
    const file = join(bench.dataDir, "idp.xml");
    const metadata = idpMetadata(keys, { entityId: idpEntityId, ssoUrl: "https://idp.bench.example/sso" });
    writeFileSync(file, metadata.replace('WantAuthnRequestsSigned="true"', ""));
    const server = await bench.plenum({ PLENUM_DOORS: "saml,console", PLENUM_TRUST_PROXY: "127.0.0.0/8" });
    const imported = await bench.command<Imported>(["saml", "import", "--org", "saml", "--metadata-file", file]);

    const ours: { cpu: number; perSecond: number }[] = [];
    const floor: { cpu: number; perSecond: number }[] = [];
    await signInMany(server.port, local(server.port, imported.acsUrl), await prepare(server.port, imported, keys, 60));
    for (let n = 0; n < rounds; n++) {
      const ready = await prepare(server.port, imported, keys, perRound);
      const [began, cpu] = [performance.now(), cpuMs([server.pid])];
      await signInMany(server.port, local(server.port, imported.acsUrl), ready);
      ours.push({
        cpu: (cpuMs([server.pid]) - cpu) / perRound,
        perSecond: (perRound * 1000) / (performance.now() - began),
      });
      floor.push(await validateAlone(imported, keys));
    }
    // Per core: the worker threads of the validation count with the main one.
    const ratio = median(ours.map((o, i) => (floor[i]?.cpu ?? 0) / o.cpu));
    const result: BenchResult = {
      ours: round(1000 / median(ours.map((o) => o.cpu))),
      floor: round(1000 / median(floor.map((f) => f.cpu))),
      ratio: round(ratio),
      unit: "sign-ins per second of one core",
      floorIs: "validatePostResponseAsync of node-saml alone on the same response",
      must: "≥ 0.5",
      met: ratio >= 0.5,
      oursCpuMs: round(median(ours.map((o) => o.cpu))),
      floorCpuMs: round(median(floor.map((f) => f.cpu))),
    };
    return { "saml.acs": result };
  },
};

function sceneOf(imported: Imported, keys: KeyPair, requestId: string): Scene {
  const { entityId: spEntityId, acsUrl } = imported;
  return { now: new Date(), idpEntityId, spEntityId, acsUrl, requestId, keys, foreignKeys: keys };
}

// Requests and signed answers are made before the clock runs: making them is the identity provider's work.
async function prepare(port: number, imported: Imported, keys: KeyPair, count: number): Promise<Ready[]> {
  const ready: Ready[] = [];
  for (let i = 0; i < count; i++) {
    const start = await fetch(local(port, imported.loginUrl), { redirect: "manual", headers: addressOf(i) });
    const location = new URL(start.headers.get("location") ?? "");
    const request = inflateRawSync(Buffer.from(location.searchParams.get("SAMLRequest") ?? "", "base64")).toString();
    const email = `person${i}@saml.test`;
    const xml = login(sceneOf(imported, keys, / ID="([^"]+)"/.exec(request)?.[1] ?? ""), {
      assertion: { nameId: email, attributes: [["email", [email]]] },
    });
    const form = new URLSearchParams({
      SAMLResponse: Buffer.from(xml).toString("base64"),
      RelayState: location.searchParams.get("RelayState") ?? "",
    });
    ready.push({ form: form.toString(), cookie: start.headers.getSetCookie()[0]?.split(";")[0] ?? "" });
  }
  return ready;

  function addressOf(i: number) {
    return { "x-forwarded-for": `198.51.${i >> 8}.${i & 255}` };
  }
}

async function signInMany(port: number, acsUrl: string, ready: readonly Ready[]): Promise<void> {
  const queue = [...ready.entries()];
  const client = async () => {
    for (let next = queue.pop(); next; next = queue.pop()) await signIn(port, acsUrl, next[1], next[0]);
  };
  await Promise.all(Array.from({ length: atOnce }, client));
}

async function signIn(port: number, url: string, { form, cookie }: Ready, i: number): Promise<void> {
  const headers = {
    "content-type": "application/x-www-form-urlencoded",
    cookie,
    "x-forwarded-for": `198.51.${i >> 8}.${i & 255}`,
  };
  const posted = await fetch(url, { method: "POST", body: form, headers, redirect: "manual" });
  const next = posted.headers.get("location");
  if (posted.status !== 303 || next === null)
    throw new Error(
      `ACS answered ${posted.status}: ${(await posted.text()).replace(/<style[^]*<\/style>/, "").slice(0, 900)}`,
    );
  const done = await fetch(local(port, next), {
    headers: { cookie, "x-forwarded-for": headers["x-forwarded-for"] },
    redirect: "manual",
  });
  const session = done.headers.getSetCookie().some((line) => line.startsWith("plenum_session=plmses_"));
  if (!session)
    throw new Error(
      `complete answered ${done.status}: ${(await done.text()).replace(/<style[^]*<\/style>/, "").slice(0, 900)}`,
    );
}

function local(port: number, url: string): string {
  const { pathname, search } = new URL(url, "http://localhost");
  return `http://127.0.0.1:${port}${pathname}${search}`;
}

async function validateAlone(imported: Imported, keys: KeyPair): Promise<{ cpu: number; perSecond: number }> {
  const xml = login(sceneOf(imported, keys, "_floor"), {
    assertion: { nameId: "person@saml.test", attributes: [["email", ["person@saml.test"]]] },
  });
  const child = spawn(process.execPath, [join(__dirname, "../floors/saml-validate.js")], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const job = {
    response: Buffer.from(xml).toString("base64"),
    certificate: keys.certificatePem,
    callbackUrl: imported.acsUrl,
    audience: imported.entityId,
    seconds: 2,
  };
  child.stdin.end(JSON.stringify(job));
  let text = "";
  for await (const chunk of child.stdout) text += String(chunk);
  const { count, cpuMs: cpu, wallMs } = JSON.parse(text) as { count: number; cpuMs: number; wallMs: number };
  return { cpu: cpu / count, perSecond: (count * 1000) / wallMs };
}
