import { execFile } from "node:child_process";
import { promisify } from "node:util";

const run = promisify(execFile);

/** The operator's command line; answers its JSON. What is about SAML is about the organization that the scripts make. */
export async function plenum(...args) {
  const org = args[0] === "saml" ? ["--org", "acme"] : [];
  const argv = ["dist/services/cli/main.js", "--json", ...args, ...org];
  return JSON.parse((await run(process.execPath, argv)).stdout);
}
