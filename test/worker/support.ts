import type { Server } from "node:http";
import { pino } from "pino";
import { entities } from "../../services/domain/entities";
import { headSigner } from "../../services/domain/audit";
import { systemClock, type Clock } from "../../services/kernel/clock";
import type { Config } from "../../services/platform/config";
import { openDataSource } from "../../services/platform/data-source";
import type { DoorContext, OpenDoor } from "../../services/platform/door";
import { Keyring, masterKeyOf } from "../../services/platform/keys";
import type { Letter, Mailer } from "../../services/platform/mailer";
import { openMetrics, type Metrics } from "../../services/platform/metrics";
import { Database } from "../../services/platform/unit-of-work";
import { openWorker } from "../../services/worker";
import type { AgendaTools } from "../../services/worker/agenda-work";
import { closeAfterFile, freshDatabase } from "../support/database";
import { publicUrl } from "../support/world";

const secret = "the secret key of the worker's tests";
const silent = pino({ level: "silent" });

export const tools: AgendaTools = { signer: headSigner(secret), log: silent };

/** A database that no other test's work is due in. */
export async function lonelyDatabase(clock: Clock = systemClock, poolMax = 8): Promise<Database> {
  const { appUrl } = await freshDatabase();
  const source = await openDataSource({
    ...{ target: appUrl, max: poolMax, applicationName: "plenum worker test", entities: [...entities] },
  });
  closeAfterFile(() => source.destroy());
  return new Database(source, clock, { publicUrl, keyring: new Keyring(masterKeyOf(secret)) });
}

/** A mail server that refuses some letters. */
export class FakeMailer implements Mailer {
  readonly sends = true;
  readonly sent: (Letter & { id: string })[] = [];
  readonly tried: string[] = [];

  constructor(private readonly refuses: (letter: Letter) => boolean = () => false) {}

  async send(id: string, letter: Letter): Promise<void> {
    this.tried.push(letter.to);
    await new Promise((done) => setTimeout(done, 5));
    if (this.refuses(letter)) throw new Error("550 no such mailbox");
    this.sent.push({ id, ...letter });
  }

  close(): void {}
}

export interface OpenedWorker {
  readonly metrics: Metrics;
  close(): Promise<void>;
}

/** The worker as the process opens it. */
export async function startWorker(db: Database, mailer: Mailer = new FakeMailer()): Promise<OpenedWorker> {
  const metrics = openMetrics("test");
  const context: DoorContext = {
    ...{ db, clock: db.clock, log: silent, masterSecret: secret, mailer, metrics },
    config: { previousSecretKey: undefined } as Config,
    server: undefined as unknown as Server,
  };
  const door = (await openWorker(context)) as OpenDoor;
  let open = true;
  const close = async () => {
    if (open) await door.close?.();
    open = false;
  };
  closeAfterFile(close);
  return { metrics, close };
}

/** Waits until something holds; the assertion after it says what was wrong. */
export async function until(holds: () => Promise<boolean>, withinMs = 5_000): Promise<number> {
  const began = performance.now();
  while (performance.now() - began < withinMs) {
    if (await holds()) break;
    await new Promise((done) => setTimeout(done, 20));
  }
  return performance.now() - began;
}
