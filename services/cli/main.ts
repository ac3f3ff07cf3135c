#!/usr/bin/env node
import "reflect-metadata";
import { readConfig } from "../platform/config";
import { openLog } from "../platform/log";
import { commands } from "./commands";
import { openContext } from "./context";
import { runCommandLine } from "./program";

// Commands speak by their own words; the log, on stderr, is for what goes wrong underneath.
const stderr = { write: (line: string): boolean => process.stderr.write(line) };

runCommandLine(process.argv.slice(2), commands, {
  output: {
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
  },
  context: () => openContext(readConfig(), openLog("warn", stderr)),
}).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    process.stderr.write(`plenum: ${(error as Error).message}\n`);
    process.exitCode = 1;
  },
);
