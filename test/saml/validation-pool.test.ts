import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { PlenumError } from "../../services/kernel/errors";
import type { ResponseJob } from "../../services/saml/validation-job";
import { ValidationPool, type PoolOptions } from "../../services/saml/validation-pool";
import { attacks } from "../support/attacks";
import { encode, login, trusted, trustOf, type Scene } from "../support/saml-kit";
import { makeScene } from "../support/saml-scene";

let scene: Scene;
const pools: ValidationPool[] = [];

beforeAll(async () => {
  scene = await makeScene();
});

afterEach(async () => {
  await Promise.all(pools.splice(0).map((pool) => pool.close()));
});

function pool(options: PoolOptions = {}): ValidationPool {
  const made = new ValidationPool({ size: 1, ...options });
  pools.push(made);
  return made;
}

const job = (xml: string, more = {}): ResponseJob => ({
  kind: "response",
  field: encode(xml),
  trust: trustOf(scene, more),
  expectation: { kind: "solicited" },
  now: scene.now,
});

/** A thread that hangs on its first job, as a quadratic library would. */
function stallingScript(): string {
  const script = join(mkdtempSync(join(tmpdir(), "plenum-")), "stall.js");
  writeFileSync(
    script,
    "const { parentPort } = require('node:worker_threads'); parentPort.on('message', () => { for (;;); }); parentPort.postMessage('ready');",
  );
  return script;
}

test("SAML-26: the verdict comes back from another thread as it is", async () => {
  const validator = pool();

  await expect(validator.validate(job(login(scene)))).resolves.toMatchObject({
    ok: true,
    facts: { nameId: { value: "alice-7f3a" }, authnInstant: new Date(scene.now.getTime() - 20_000) },
  });
  await expect(validator.validate(job("<x/>"))).resolves.toMatchObject({
    ok: false,
    refusal: { code: "message_unexpected" },
  });
  expect(validator.figures()).toEqual({ waiting: 0, running: 0, finished: 2, killed: 0, turnedAway: 0 });
});

test("SAML-26, SEC-31, SAML-A50: a stalled thread is terminated at the wall limit and replaced", async () => {
  const stalled = pool({ wallMs: 100, script: stallingScript() });
  const start = performance.now();

  const verdicts = await Promise.all([stalled.validate(job(login(scene))), stalled.validate(job(login(scene)))]);

  expect(verdicts).toEqual([
    expect.objectContaining({ ok: false, refusal: { code: "timed_out" } }),
    expect.objectContaining({ ok: false, refusal: { code: "timed_out" } }),
  ]);
  expect(performance.now() - start).toBeLessThan(2_000);
  expect(stalled.figures()).toMatchObject({ killed: 2, finished: 0, running: 0 });
});

test("SAML-26: where the queue is full the door hears `unavailable` at once", async () => {
  const validator = pool({ queueMax: 2 });
  await validator.validate(job(login(scene)));
  const accepted = [1, 2, 3].map(() => validator.validate(job(login(scene))));

  expect(() => validator.validate(job(login(scene)))).toThrow(PlenumError);
  expect(validator.figures()).toMatchObject({ waiting: 2, running: 1, turnedAway: 1 });
  await expect(Promise.all(accepted)).resolves.toHaveLength(3);
});

test("SAML-26: threads that cannot start fail what waits, instead of starting for ever", async () => {
  const broken = pool({ script: "/nowhere/validation-worker.js" });

  await expect(broken.validate(job(login(scene)))).rejects.toThrow("a validation thread did not start");
});

test("SAML-26: closing refuses what still waits", async () => {
  const validator = pool();
  const outcome = [validator.validate(job(login(scene))), validator.validate(job(login(scene)))].map((promise) =>
    promise.catch((error: unknown) => error),
  );
  await validator.close();

  expect(await Promise.all(outcome)).toEqual([
    expect.objectContaining({ code: "unavailable" }),
    expect.objectContaining({ code: "unavailable" }),
  ]);
});

test("SAML-26: under the payloads of A45 to A50 the main loop stays free", async () => {
  const validator = pool();
  const hostile = attacks
    .filter(({ id }) => ["SAML-A45", "SAML-A47", "SAML-A48", "SAML-A49", "SAML-A50"].includes(id))
    .flatMap(({ variants }) => Object.values(variants))
    .map((variant) => {
      const built = variant.build(scene);
      return {
        ...job(""),
        field: variant.isField ? built : encode(built),
        trust: trustOf(scene, variant.trust?.(scene)),
      };
    });
  // The widest message that the pre-scan lets through, against five certificates: the dearest one that is not refused by size.
  const widest = login(scene, { keys: scene.foreignKeys }).replace(
    "</samlp:Status>",
    `</samlp:Status>${"<a/>".repeat(2_400)}`,
  );
  const dear = job(widest, { certificates: Array.from({ length: 5 }, () => trusted(scene.keys)) });
  await validator.validate(job(login(scene)));

  const lag = monitorEventLoopDelay({ resolution: 1 });
  lag.enable();
  const verdicts = await Promise.all([...hostile, ...hostile, dear].map((one) => validator.validate(one)));
  lag.disable();

  expect(verdicts.filter((verdict) => verdict.ok)).toEqual([]);
  // On a slow machine the wall limit may come first: refused either way.
  expect(["signature_invalid", "timed_out"]).toContain(verdicts.map((v) => (v.ok ? "" : v.refusal.code)).at(-1));
  expect(lag.percentile(99) / 1e6).toBeLessThan(50);
});
