import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** The release that runs, from package.json. */
export function readVersion(): string {
  for (let folder = __dirname; folder !== dirname(folder); folder = dirname(folder)) {
    try {
      const { name, version } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as Record<
        string,
        string
      >;
      if (name === "plenum" && version) return version;
    } catch {
      // Not here; look one folder up.
    }
  }
  return "0.0.0";
}
