import { Temporal } from "temporal-polyfill";
import { dayMs, hourMs, plusMs } from "../../kernel/clock";
import { attribute, descendants, is, parseXml } from "../../kernel/xml/dom";
import { ns } from "../../kernel/xml/namespaces";

/** How often metadata is fetched where it says nothing itself, and how often at most (SAML-06). */
const usualMs = dayMs;
const soonestMs = hourMs;
const jitter = 0.1;

/** For how long the publisher lets the metadata be kept, or nothing; metadata that was read before. */
export function cacheDurationMs(xml: string, at: Date): number | undefined {
  const root = parseXml(xml.trim().replace(/<!--[\s\S]*?-->/g, ""));
  const said = [root, ...descendants(root)]
    .filter((element) => is(element, ns.md, "EntityDescriptor") || is(element, ns.md, "EntitiesDescriptor"))
    .flatMap((element) => durationMs(attribute(element, "cacheDuration"), at) ?? []);
  return said.length === 0 ? undefined : Math.min(...said);
}

function durationMs(text: string | undefined, at: Date): number | undefined {
  if (text === undefined) return undefined;
  try {
    const relativeTo = Temporal.Instant.fromEpochMilliseconds(at.getTime()).toZonedDateTimeISO("UTC");
    return Temporal.Duration.from(text).total({ unit: "milliseconds", relativeTo });
  } catch {
    return undefined; // no xs:duration: the publisher has said nothing
  }
}

/**
 * When metadata is fetched again: after a day, a little earlier or later so that not all organizations ask at once; sooner
 * where the publisher asks for it or its validity ends, but not within the hour. `chance` is 0 to 1.
 */
export function nextFetchAt(
  now: Date,
  said: { readonly cacheMs: number | undefined; readonly validUntil: Date | null },
  chance: number,
): Date {
  const usual = usualMs * (1 - jitter + 2 * jitter * chance);
  const untilInvalid = said.validUntil ? (said.validUntil.getTime() - now.getTime()) / 2 : Infinity;
  const wait = Math.min(usual, said.cacheMs ?? Infinity, untilInvalid);
  return plusMs(now, Math.round(Math.max(soonestMs, wait)));
}

/** After a failure: an hour, then twice as long each time, a day at most. */
export function retryFetchAt(now: Date, failures: number): Date {
  return plusMs(now, Math.min(dayMs, hourMs * 2 ** Math.min(failures, 5)));
}
