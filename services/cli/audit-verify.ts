import { headSigner, verifyEntries, type Anchor } from "../domain/audit";
import { invalid } from "../kernel/errors";
import { masterSecret } from "../platform/master-secret";
import type { Command } from "./command";
import { operatorIn, orgOption } from "./organization";

/** `plenum audit verify`: reads an organization's whole chain; exit code 1 where it does not hold (SEC-51). */
export const auditVerify: Command = {
  name: "audit verify",
  summary: "check that nothing in an organization's audit log was changed, moved, added or cut off",
  options: [
    orgOption,
    {
      flags: "--anchor <seq:hash>",
      description: "a tip noted elsewhere, e.g. from the log line `audit head of the day`",
    },
  ],
  async run(context, options) {
    const { config } = context;
    const signer = headSigner(masterSecret(config), config.previousSecretKey);
    const anchor = anchorOf(options.anchor);
    const { db, caller } = await operatorIn(context, options);
    const found = await db.run(caller, (tx) => verifyEntries(tx, { signer, ...(anchor ? { anchor } : {}) }));
    const at = found.broken?.seq ? ` at entry ${found.broken.seq}` : "";
    const text = found.broken
      ? `the chain is broken${at}: ${found.broken.reason}`
      : `${found.entries} entries hold, ${found.unsealed} wait for their seal`;
    return { json: found, text, failed: !found.ok };
  },
};

function anchorOf(text: string | boolean | undefined): Anchor | undefined {
  if (typeof text !== "string") return undefined;
  const [, seq, hash] = /^(\d{1,18}):([0-9a-f]{64})$/.exec(text) ?? [];
  if (!seq || !hash) throw invalid("anchor", "the number of an entry and its hash, as 12:ab34…", text);
  return { seq, hash };
}
