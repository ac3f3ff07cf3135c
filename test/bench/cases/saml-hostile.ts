import { readFileSync } from "node:fs";
import { deflateRawSync } from "node:zlib";
import type { BenchCase } from "../bench";
import { round, type BenchResult } from "../compare";
import { cpuMs } from "../load";
import { addressOf, local, openSamlServer, sceneOf, type SamlServer } from "../saml-server";
import { attacks } from "../../support/attacks";
import { redirectQuery, sloOf } from "../../support/logout-kit";

const rounds = 15;
const msMax = 20;
const growthMax = 5;
const megabyte = 1024 * 1024;

interface Blow {
  readonly name: string;
  readonly send: (i: number) => Promise<Response>;
}

/** A45 … A49 over HTTP, one at a time: how soon each is refused, and what the process has grown by after all of them. */
export const samlHostile: BenchCase = {
  names: ["saml.refuseHostile"],
  async run(bench) {
    const server = await openSamlServer(bench);
    const blows = blowsAt(server);
    const seen = blows.map(({ name }) => ({ name, ms: [] as number[], cpu: 0 }));
    let sent = 0;
    const everything = async (note: boolean): Promise<number> => {
      for (const [i, { name, send }] of blows.entries()) {
        const [began, cpu] = [performance.now(), cpuMs([server.pid])];
        const answer = await send(sent++);
        const ms = performance.now() - began;
        await answer.text();
        if (answer.status < 400) throw new Error(`${name} was not refused: ${answer.status}`);
        const line = seen[i];
        if (!note || !line) continue;
        line.ms.push(ms);
        line.cpu += cpuMs([server.pid]) - cpu;
      }
      return residentBytes(server.pid);
    };
    const least = async (note: boolean): Promise<number> => {
      let bytes = Infinity;
      for (let n = 0; n < rounds; n++) bytes = Math.min(bytes, await everything(note));
      return bytes;
    };
    // The collector comes when it likes: the least of many looks is what the process really keeps.
    await least(false);
    const before = await least(false);
    const growth = ((await least(true)) - before) / megabyte;

    // The quarter of the tries that other work on the machine disturbed least.
    const quick = ({ ms }: { ms: number[] }) => [...ms].sort((x, y) => x - y)[ms.length >> 2] ?? 0;
    const slowest = seen.reduce((one, other) => (quick(other) > quick(one) ? other : one));
    const result: BenchResult = {
      ours: round(quick(slowest)),
      floor: msMax,
      ratio: round(msMax / quick(slowest)),
      unit: `ms until ${slowest.name} is refused, the slowest of ${blows.length}; memory grew by ${growth.toFixed(1)} MB`,
      floorIs: "what A45 … A49 allow",
      must: `< ${msMax} ms and < ${growthMax} MB`,
      met: quick(slowest) < msMax && growth < growthMax,
      oursCpuMs: round(Math.max(...seen.map(({ cpu }) => cpu / rounds))),
    };
    return { "saml.refuseHostile": result };
  },
};

function blowsAt(server: SamlServer): readonly Blow[] {
  const { port, imported } = server;
  const scene = sceneOf(server, "_hostile");
  const posted = attacks
    .filter(({ id }) => ["SAML-A45", "SAML-A47", "SAML-A48", "SAML-A49"].includes(id))
    .flatMap(({ id, variants }) =>
      Object.entries(variants).map(([name, { build, isField }]): Blow => {
        const built = build(scene);
        const field = isField ? built : Buffer.from(built).toString("base64");
        // As octets: turning ten megabytes of text into them at every request would be the sender's time, not ours.
        const body = Buffer.from(new URLSearchParams({ SAMLResponse: field }).toString());
        const type = { "content-type": "application/x-www-form-urlencoded" };
        return {
          name: `${id} ${name}`,
          send: (i) =>
            fetch(local(port, imported.acsUrl), { method: "POST", body, headers: { ...type, ...addressOf(i) } }),
        };
      }),
    );
  const bomb = deflateRawSync(Buffer.alloc(64 * megabyte), { level: 9 });
  const query = redirectQuery(scene, "SAMLRequest", "x", { compress: () => bomb });
  const url = `${local(port, sloOf(scene))}?${query}`;
  // Node's own limit on the size of a request's head refuses it before we see it: that is a refusal, too.
  return [...posted, { name: "SAML-A46 inflate bomb", send: (i) => fetch(url, { headers: addressOf(i) }) }];
}

function residentBytes(pid: number): number {
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) * 1024;
}
