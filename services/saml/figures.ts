import { Counter, Gauge, Histogram, type Registry } from "prom-client";
import type { AssertionFacts, SamlConnection } from "../domain/identity";
import { dayMs, secondMs } from "../kernel/clock";
import type { Database } from "../platform/unit-of-work";
import type { Connections } from "./connections";
import { readClockOffset } from "./time-sync.store";
import type { ValidationPool } from "./validation-pool";

const labelledMax = 500;

interface Sources {
  readonly db: Database;
  readonly pool: ValidationPool;
  readonly connections: Connections;
}

/**
 * What this door tells the scraper (SAML-101): how sign-ins end, by connection and by code, how long a validation
 * takes, how the threads fare, and what is about to go wrong: certificates that end, clocks that drift.
 */
export class SamlFigures {
  private readonly labelled = new Set<string>();
  private readonly signIns: Counter<"connection" | "outcome">;
  private readonly refusals: Counter<"code">;
  private readonly seconds: Histogram;
  private readonly idpClock: Gauge<"connection">;

  constructor(registry: Registry, { db, pool, connections }: Sources) {
    const registers = [registry];
    this.signIns = new Counter({
      name: "plenum_saml_sign_ins_total",
      help: "Answers of identity providers by connection: taken or refused",
      labelNames: ["connection", "outcome"],
      registers,
    });
    this.refusals = new Counter({
      name: "plenum_saml_refusals_total",
      help: "Refused messages by the code on the page; `replayed` are replays that were caught",
      labelNames: ["code"],
      registers,
    });
    this.seconds = new Histogram({
      name: "plenum_saml_validation_seconds",
      help: "From handing a message to the threads until the verdict, waiting included",
      buckets: [0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5],
      registers,
    });
    this.idpClock = new Gauge({
      name: "plenum_saml_idp_clock_seconds",
      help: "How far our clock was ahead of the IssueInstant of the connection's latest accepted assertion",
      labelNames: ["connection"],
      registers,
    });
    watchThreads(registry, pool);
    this.watchCertificates(registry, db, connections);
    watchTime(registry, db);
  }

  /** One verdict of the threads. */
  judged(seconds: number): void {
    this.seconds.observe(seconds);
  }

  /** An assertion that led on to completion. */
  took({ id }: SamlConnection, facts: AssertionFacts, now: Date): void {
    const connection = this.label(id);
    this.signIns.labels(connection, "taken").inc();
    this.idpClock.labels(connection).set((now.getTime() - facts.issuedAt.getTime()) / secondMs);
  }

  /** A page with a code; `id` is unknown where not even the connection was found. */
  refused(id: string | undefined, code: string): void {
    if (id !== undefined) this.signIns.labels(this.label(id), "refused").inc();
    this.refusals.labels(code).inc();
  }

  // Connections are made by customers; a label for each would grow without end (REL-24).
  private label(id: string): string {
    if (this.labelled.has(id)) return id;
    if (this.labelled.size >= labelledMax) return "other";
    this.labelled.add(id);
    return id;
  }

  // Of the connections that this process serves; notices to their administrators go out by the agenda (SAML-17).
  private watchCertificates(registry: Registry, db: Database, connections: Connections): void {
    const label = (id: string): string => this.label(id);
    new Gauge({
      name: "plenum_saml_certificate_days_left",
      help: "Days until the last usable certificate of the identity provider, and the first of ours, ends",
      labelNames: ["connection", "whose"],
      registers: [registry],
      collect() {
        this.reset();
        const now = db.clock.now().getTime();
        const days = (end: number): number => Math.floor((end - now) / dayMs);
        for (const connection of connections.snapshots()) {
          const id = label(connection.id);
          const theirs = connection.certificates.map((certificate) => certificate.notAfter.getTime());
          const ours = connection.keys.map((key) => key.validTo.getTime());
          if (theirs.length > 0) this.labels(id, "idp").set(days(Math.max(...theirs)));
          if (ours.length > 0) this.labels(id, "sp").set(days(Math.min(...ours)));
        }
      },
    });
  }
}

function watchThreads(registry: Registry, pool: ValidationPool): void {
  const registers = [registry];
  new Gauge({
    name: "plenum_saml_validations",
    help: "Messages with the threads at this moment",
    labelNames: ["state"],
    registers,
    collect() {
      const { waiting, running } = pool.figures();
      this.labels("waiting").set(waiting);
      this.labels("running").set(running);
    },
  });
  const told = { finished: 0, killed: 0, turnedAway: 0 };
  new Counter({
    name: "plenum_saml_validations_total",
    help: "Ends of validations: finished, killed at the wall limit, turned away because too many wait",
    labelNames: ["end"],
    registers,
    collect() {
      const counts = pool.figures();
      for (const end of ["finished", "killed", "turnedAway"] as const) {
        this.labels(end).inc(counts[end] - told[end]);
        told[end] = counts[end];
      }
    },
  });
}

// Assertions live for minutes: a process whose clock is off by seconds refuses honest people or takes stale messages.
function watchTime(registry: Registry, db: Database): void {
  new Gauge({
    name: "plenum_clock_offset_seconds",
    help: "How far this process's clock is ahead of the database's",
    registers: [registry],
    async collect() {
      const offset = await readClockOffset(db);
      if (offset === undefined) this.remove();
      else this.set(offset);
    },
  });
}
