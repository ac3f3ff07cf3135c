import { dryRunEnforcement } from "../domain/identity";
import { publicId } from "../kernel/ids";
import type { Command } from "./command";
import { operatorIn, orgOption } from "./organization";

/** `plenum sso dry-run`: who could not sign in if single sign-on were required now, as data to be kept or sorted (SAML-98). */
export const ssoDryRun: Command = {
  name: "sso dry-run",
  summary: "list who would be locked out if single sign-on were required now; changes nothing",
  options: [orgOption],
  async run(context, options) {
    const { db, caller } = await operatorIn(context, options);
    const report = await db.run(caller, (tx) => dryRunEnforcement(tx, {}));
    const lockedOut = report.lockedOut.map(({ memberId, ...who }) => ({
      member: publicId("member", memberId),
      ...who,
    }));
    const lines = lockedOut.map(
      ({ email, displayName, reasons }) => `${email ?? displayName ?? "?"}: ${reasons.join(", ")}`,
    );
    const tokens = `${report.apiTokens} API tokens would stop working`;
    return {
      json: { lockedOut, apiTokens: report.apiTokens, digest: report.digest },
      text: [...lines, tokens].join("\n"),
    };
  },
};
