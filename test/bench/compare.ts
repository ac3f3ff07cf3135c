import { load, type Measured, type Side } from "./load";

/** What stands in `test/bench/results/latest.json` for one name. */
export interface BenchResult {
  readonly ours: number;
  readonly floor: number;
  /** How `ours` compares with `floor` so that more is better, unless `lowerIsBetter`. */
  readonly ratio: number;
  readonly unit: string;
  readonly floorIs: string;
  readonly must: string;
  readonly met: boolean;
  readonly oursCpuMs?: number;
  readonly floorCpuMs?: number;
  readonly oursP99Ms?: number;
  readonly floorP99Ms?: number;
}

export interface Comparison {
  readonly ours: Side;
  readonly floor: Side;
  readonly connections: number;
  readonly rounds?: number;
  readonly seconds?: number;
  readonly floorIs: string;
  readonly atLeast: number;
}

// Long enough for what is compiled while it runs: a server's code is its final one after some thousand requests.
const warm = { secondsMin: 5, secondsMax: 45, requests: 5_000 } as const;

/** Alternates ours and the floor in one run, so that a noisy machine troubles both alike, and takes medians. */
export async function compare(it: Comparison): Promise<BenchResult> {
  const { connections, rounds = 5, seconds = 3 } = it;
  let [oursFrom, floorFrom] = [0, 0];
  const run = async (side: Side, long: number, from: number) => load(side, { connections, seconds: long, from });
  for (const [side, isOurs] of [
    [it.ours, true],
    [it.floor, false],
  ] as const) {
    const sent = await warmUp((from) => run(side, warm.secondsMin, from));
    if (isOurs) oursFrom += sent;
    else floorFrom += sent;
  }
  const ours: Measured[] = [];
  const floor: Measured[] = [];
  for (let round = 0; round < rounds; round++) {
    const o = await run(it.ours, seconds, oursFrom);
    const f = await run(it.floor, seconds, floorFrom);
    oursFrom += o.sent;
    floorFrom += f.sent;
    ours.push(o);
    floor.push(f);
  }
  const ratio = median(ours.map((o, i) => o.perSecond / (floor[i] as Measured).perSecond));
  const of = (side: Measured[], pick: (m: Measured) => number) => round(median(side.map(pick)));
  return {
    ours: of(ours, (m) => m.perSecond),
    floor: of(floor, (m) => m.perSecond),
    ratio: round(ratio),
    unit: "requests/s",
    floorIs: it.floorIs,
    must: `≥ ${it.atLeast}`,
    met: ratio >= it.atLeast,
    oursCpuMs: of(ours, (m) => m.cpuMsPerRequest),
    floorCpuMs: of(floor, (m) => m.cpuMsPerRequest),
    oursP99Ms: of(ours, (m) => m.p99Ms),
    floorP99Ms: of(floor, (m) => m.p99Ms),
  };
}

async function warmUp(stretch: (from: number) => Promise<{ sent: number }>): Promise<number> {
  let sent = 0;
  for (let seconds = 0; seconds < warm.secondsMax && (seconds === 0 || sent < warm.requests);) {
    sent += (await stretch(sent)).sent;
    seconds += warm.secondsMin;
  }
  return sent;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const [low, high] = [sorted[middle - 1] ?? 0, sorted[middle] ?? 0];
  return sorted.length % 2 === 1 ? high : (low + high) / 2;
}

export function round(value: number): number {
  return Number(value.toPrecision(4));
}
