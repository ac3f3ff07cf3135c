import { ScimRefusal, invalidValue } from "../refusal";
import type { BulkEntry, BulkRequest } from "./read-bulk";
import { referencesOf, resolved, without } from "./references";

/** What became of one entry. */
export interface Outcome {
  readonly status: number;
  /** The id of the resource, after a success. */
  readonly id?: string;
  readonly location?: string;
  readonly version?: string;
  /** The Error body, after a refusal. */
  readonly error?: object;
}

/** One request of an entry, its references resolved. */
export interface Attempt {
  readonly entry: BulkEntry;
  readonly method: string;
  readonly segments: readonly string[];
  readonly data: unknown;
  readonly version?: string;
}

export interface BulkRunner {
  /** Runs one request in a transaction of its own; refusals are outcomes, too. */
  readonly attempt: (attempt: Attempt) => Promise<Outcome>;
  /** Runs several in one transaction; nothing where one of them was refused, and then none of them was done. */
  readonly together: (attempts: readonly Attempt[]) => Promise<readonly Outcome[] | undefined>;
  /** The outcome of a refusal that needs no request. */
  readonly refuse: (refusal: ScimRefusal) => Outcome;
  /** Whether there is time to begin another entry (ruling a20). */
  readonly hasTime: () => boolean;
}

/** How many creates that depend on nothing share a transaction, and how many transactions run at the same time. */
const partSize = 16;
const parts = 2;
/** How many run at the same time where they do not share one. */
const lanes = 4;
/** After so many parts in which somebody was refused, every entry of the request goes by itself. */
const refusedPartsMax = 2;

/** Runs the entries of a bulk request; what was not attempted has no outcome (SCIM-178). */
export class BulkRun {
  readonly outcomes = new Map<BulkEntry, Outcome>();
  private readonly ids = new Map<string, string>();
  private readonly running = new Set<BulkEntry>();
  private readonly byBulkId: ReadonlyMap<string, BulkEntry>;
  private errors = 0;
  private refusedParts = 0;

  constructor(
    private readonly request: BulkRequest,
    private readonly runner: BulkRunner,
  ) {
    this.byBulkId = new Map(
      request.entries.flatMap((entry) => (entry.bulkId === undefined ? [] : [[entry.bulkId, entry]])),
    );
  }

  async run(): Promise<ReadonlyMap<BulkEntry, Outcome>> {
    const { entries } = this.request;
    for (let i = 0; i < entries.length && !this.isStopped;) {
      const wave = this.waveFrom(i);
      await Promise.all(chunksOf(wave, partSize).map((part) => this.settlePart(part)));
      i += wave.length;
    }
    return this.outcomes;
  }

  private get isStopped(): boolean {
    return this.errors >= this.request.failOnErrors;
  }

  /** Creates that follow each other and refer to nothing may run side by side, where no error can stop them. */
  private waveFrom(start: number): readonly BulkEntry[] {
    const { entries, failOnErrors } = this.request;
    const first = entries[start] as BulkEntry;
    const wave = [first];
    const names = new Set([nameOf(first)]);
    while (failOnErrors === Number.POSITIVE_INFINITY && wave.length < partSize * parts) {
      const next = entries[start + wave.length];
      if (!next || ![first, next].every(standsAlone) || names.has(nameOf(next))) break;
      names.add(nameOf(next));
      wave.push(next);
    }
    return wave;
  }

  private async settlePart(part: readonly BulkEntry[]): Promise<void> {
    const mayShare = part.length > 1 && this.refusedParts < refusedPartsMax && this.runner.hasTime();
    const outcomes = mayShare ? await this.runner.together(part.map((entry) => this.attemptOf(entry))) : undefined;
    if (mayShare && !outcomes) this.refusedParts += 1;
    for (const [at, outcome] of (outcomes ?? []).entries()) this.note(part[at] as BulkEntry, outcome);
    if (outcomes) return;
    for (const lane of chunksOf(part, lanes)) await Promise.all(lane.map((entry) => this.settle(entry)));
  }

  private async settle(entry: BulkEntry): Promise<Outcome> {
    const known = this.outcomes.get(entry);
    if (known) return known;
    this.running.add(entry);
    const outcome = await this.outcomeOf(entry);
    this.running.delete(entry);
    this.note(entry, outcome);
    return outcome;
  }

  private note(entry: BulkEntry, outcome: Outcome): void {
    this.outcomes.set(entry, outcome);
    if (outcome.error) this.errors += 1;
    if (entry.bulkId !== undefined && outcome.id !== undefined) this.ids.set(entry.bulkId, outcome.id);
  }

  private async outcomeOf(entry: BulkEntry): Promise<Outcome> {
    if (entry.refusal) return this.runner.refuse(entry.refusal);
    if (!this.runner.hasTime()) return this.runner.refuse(outOfTime());
    const circle = new Set<string>();
    for (const bulkId of referencesOf(entry)) {
      const needed = this.byBulkId.get(bulkId);
      if (needed?.method !== "POST")
        return this.runner.refuse(invalidValue(`no POST of this request has the bulkId ${bulkId}`));
      if (this.running.has(needed)) circle.add(bulkId);
      else if ((await this.settle(needed)).id === undefined) return this.runner.refuse(failedReference(bulkId));
    }
    // Whoever was waited for may have given this entry its place in the circle; what is known by now is filled in.
    const open = new Set([...circle].filter((bulkId) => !this.ids.has(bulkId)));
    return open.size === 0 ? this.attempt(entry) : this.openCircle(entry, open);
  }

  private attempt(entry: BulkEntry): Promise<Outcome> {
    return this.runner.attempt(this.attemptOf(entry));
  }

  private attemptOf(entry: BulkEntry): Attempt {
    const { method, version } = entry;
    const segments = this.segmentsOf(entry);
    const data = resolved(entry.data, this.ids);
    return { entry, method, segments, data, ...(version === undefined ? {} : { version }) };
  }

  private segmentsOf({ segments }: BulkEntry): readonly string[] {
    return segments
      .map((segment) => resolved({ value: segment }, this.ids) as { value: string })
      .map(({ value }) => value);
  }

  /** The entry is made without what is not there yet, and completed when the circle has closed (SCIM-177). */
  private async openCircle(entry: BulkEntry, open: ReadonlySet<string>): Promise<Outcome> {
    if (entry.method !== "POST") return this.runner.refuse(unresolvable());
    const first = await this.attempt({ ...entry, data: without(entry.data, open) as object });
    if (first.id === undefined) return first;
    this.links.push({ entry, id: first.id });
    return first;
  }

  private readonly links: { entry: BulkEntry; id: string }[] = [];

  /** The second phase: every opened entry is written once more, with all of its references. */
  async close(): Promise<void> {
    for (const { entry, id } of this.links) {
      const data = resolved(entry.data, this.ids);
      const segments = [...entry.segments, id];
      const outcome = await this.runner.attempt({ entry, method: "PUT", segments, data });
      this.outcomes.set(entry, outcome.error ? this.runner.refuse(unresolvable()) : { ...outcome, status: 201 });
    }
  }
}

function chunksOf<T>(list: readonly T[], size: number): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(list.length / size) }, (_, n) => list.slice(n * size, (n + 1) * size));
}

function standsAlone(entry: BulkEntry): boolean {
  return entry.method === "POST" && !entry.refusal && referencesOf(entry).size === 0;
}

// Two creates of one name in one request: the first is the one that succeeds, as if they came one after the other.
function nameOf({ segments, data }: BulkEntry): string {
  const { userName, displayName } = (data ?? {}) as { userName?: unknown; displayName?: unknown };
  return JSON.stringify([segments[0], userName ?? displayName ?? null]).toLowerCase();
}

const outOfTime = () =>
  new ScimRefusal(503, undefined, "there was no time left for this entry; send it again", { "Retry-After": "1" });
const failedReference = (bulkId: string) =>
  new ScimRefusal(409, undefined, `the resource of bulkId ${bulkId} could not be made`);
const unresolvable = () => new ScimRefusal(409, undefined, "the circle of references could not be resolved");
