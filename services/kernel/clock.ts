/** Where the time comes from. Business code never asks it: it reads `tx.now` (ruling a13). */
export interface Clock {
  now(): Date;
}

/** The machine's clock, cut to milliseconds as the database keeps them. */
export const systemClock: Clock = { now: () => new Date() };

/** A clock in a test's hand. */
export class FakeClock implements Clock {
  constructor(private instant: Date) {}

  now(): Date {
    return new Date(this.instant);
  }

  set(instant: Date | string): void {
    this.instant = new Date(instant);
  }

  advanceMs(ms: number): void {
    this.instant = new Date(this.instant.getTime() + ms);
  }
}

export const secondMs = 1_000;
export const minuteMs = 60 * secondMs;
export const hourMs = 60 * minuteMs;
export const dayMs = 24 * hourMs;

/** `at` moved by a number of milliseconds. */
export function plusMs(at: Date, ms: number): Date {
  return new Date(at.getTime() + ms);
}

/** Reads an instant that our own rows or JSON hold. */
export function instant(text: string | number): Date {
  return new Date(text);
}

/** A steady reading in milliseconds for measuring spans; never a calendar time. */
export function stopwatchMs(): number {
  return performance.now();
}
