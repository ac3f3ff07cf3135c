import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { z } from "zod";
import type { Environment } from "./variables";

/** These may be given as the name of a file, as orchestrators hand out secrets (OPS-30). */
export const fileVariables = [
  "DATABASE_URL",
  "DATABASE_OWNER_URL",
  "PLENUM_SECRET_KEY",
  "PLENUM_SECRET_KEY_PREVIOUS",
  "SMTP_URL",
] as const;

/**
 * What is given, the contents of named files included. An empty variable counts as absent: compose files and shells
 * write them so.
 */
export function withFiles(env: Environment, problems: string[]): Environment {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ""));
  for (const name of fileVariables) {
    const file = given[`${name}_FILE`];
    if (file === undefined) continue;
    if (given[name] !== undefined) problems.push(`${name}: given twice, also as ${name}_FILE`);
    try {
      given[name] = readFileSync(file, "utf8").trim();
    } catch {
      problems.push(`${name}_FILE: expected a file that can be read, got ${file}`);
    }
  }
  return given;
}

const documentMax = 64 * 1024;

/**
 * The manifest that the build of a front end writes: `{"<sha256 of the document>": "<document>"}`, as GraphQL Code
 * Generator does with `hashAlgorithm: "sha256"`. A number that is not its document's would let a session ask what
 * nobody has looked at.
 */
export function readTrustedDocuments(
  file: string | undefined,
  problems: string[],
): ReadonlyMap<string, string> | undefined {
  if (file === undefined) return undefined;
  try {
    const manifest = z.record(z.string(), z.string().max(documentMax)).parse(JSON.parse(readFileSync(file, "utf8")));
    const wrong = Object.keys(manifest).find((key) => key !== sha256Of(manifest[key] ?? ""));
    if (wrong === undefined) return new Map(Object.entries(manifest));
    problems.push(`PLENUM_TRUSTED_DOCUMENTS: expected each document under its SHA-256, got ${wrong.slice(0, 80)}`);
  } catch {
    problems.push(`PLENUM_TRUSTED_DOCUMENTS: expected a JSON file of documents by SHA-256, got ${file}`);
  }
  return undefined;
}

function sha256Of(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
