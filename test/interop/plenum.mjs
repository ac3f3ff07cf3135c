import { execFile } from "node:child_process";
import { promisify } from "node:util";

const run = promisify(execFile);

/** The operator's command line, inside the organization that the scripts here make; answers its JSON. */
export async function plenum(...args) {
  const argv = ["dist/services/cli/main.js", "--json", ...args, "--org", "acme"];
  return JSON.parse((await run(process.execPath, argv)).stdout);
}
