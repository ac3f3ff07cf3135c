import { spawn } from "node:child_process";
import { join } from "node:path";
import type { BenchCase } from "../bench";
import { median, round, type BenchResult } from "../compare";
import { cpuMs } from "../load";
import { openSamlServer, prepare, sceneOf, signInMany, type SamlServer } from "../saml-server";
import { login } from "../../support/saml-kit";

const perRound = 150;
const atOnce = 8;
const rounds = 5;
const atLeast = 0.6;

/** A whole sign-in after the identity provider's page: ACS POST and `/complete`, to a session. */
export const samlAcs: BenchCase = {
  names: ["saml.acs"],
  async run(bench) {
    const server = await openSamlServer(bench);
    const ours: { cpu: number; perSecond: number }[] = [];
    const floor: { cpu: number; perSecond: number }[] = [];
    // The main thread and each validating thread compile their own hot code; the floor is one thread and takes 50.
    await signInMany(server, await prepare(server, 500), atOnce);
    for (let n = 0; n < rounds; n++) {
      const ready = await prepare(server, perRound);
      const [began, cpu] = [performance.now(), cpuMs([server.pid])];
      await signInMany(server, ready, atOnce);
      ours.push({
        cpu: (cpuMs([server.pid]) - cpu) / perRound,
        perSecond: (perRound * 1000) / (performance.now() - began),
      });
      floor.push(await validateAlone(server));
    }
    // Per core: the worker threads of the validation count with the main one.
    const ratio = median(ours.map((o, i) => (floor[i]?.cpu ?? 0) / o.cpu));
    const result: BenchResult = {
      ours: round(1000 / median(ours.map((o) => o.cpu))),
      floor: round(1000 / median(floor.map((f) => f.cpu))),
      ratio: round(ratio),
      unit: "sign-ins per second of one core",
      floorIs: "validatePostResponseAsync of node-saml alone on the same response",
      must: `≥ ${atLeast}`,
      met: ratio >= atLeast,
      oursCpuMs: round(median(ours.map((o) => o.cpu))),
      floorCpuMs: round(median(floor.map((f) => f.cpu))),
    };
    return { "saml.acs": result };
  },
};

async function validateAlone(server: SamlServer): Promise<{ cpu: number; perSecond: number }> {
  const xml = login(sceneOf(server, "_floor"), {
    assertion: { nameId: "person@saml.test", attributes: [["email", ["person@saml.test"]]] },
  });
  const child = spawn(process.execPath, [join(__dirname, "../floors/saml-validate.js")], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const job = {
    response: Buffer.from(xml).toString("base64"),
    certificate: server.keys.certificatePem,
    callbackUrl: server.imported.acsUrl,
    audience: server.imported.entityId,
    seconds: 2,
  };
  child.stdin.end(JSON.stringify(job));
  let text = "";
  for await (const chunk of child.stdout) text += String(chunk);
  const { count, cpuMs: cpu, wallMs } = JSON.parse(text) as { count: number; cpuMs: number; wallMs: number };
  return { cpu: cpu / count, perSecond: (count * 1000) / wallMs };
}
