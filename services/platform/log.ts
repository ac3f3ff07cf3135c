import pino, { type DestinationStream, type Logger } from "pino";
import type { LogLevel } from "./settings/variables";
import { scrub, scrubText } from "./redact";

export type Log = Logger;

/**
 * One JSON line per entry. Everything passes through `scrub`, so that no level and no careless call site shows a
 * token, a cookie, an assertion or an address (SEC-40).
 */
export function openLog(level: LogLevel, destination?: DestinationStream): Log {
  return pino(
    {
      level,
      base: { pid: process.pid },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: {
        level: (label) => ({ level: label }),
        log: (entry) => scrub(entry) as Record<string, unknown>,
      },
      // `err` is spelled out by the formatter above; pino's own serializer would add what was taken out.
      serializers: { err: (error: unknown) => error, req: scrub, res: scrub },
      hooks: {
        logMethod(args, method) {
          method.apply(this, args.map((arg) => (typeof arg === "string" ? scrubText(arg) : arg)) as typeof args);
        },
      },
    },
    destination ?? standardOutput(),
  );
}

// Written without waiting for whoever reads; the lines of the last moment are written on the way out.
function standardOutput(): DestinationStream {
  const output = pino.destination({ dest: 1, sync: false });
  process.on("exit", () => {
    try {
      output.flushSync();
    } catch {
      // The reader is gone, or nothing was ever written.
    }
  });
  return output;
}
