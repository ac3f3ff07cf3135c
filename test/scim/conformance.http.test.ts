import { readFileSync } from "node:fs";
import { join } from "node:path";
import { microsoftCases } from "./conformance/microsoft";
import { oktaSpec } from "./conformance/okta-spec";
import { runSteps, type Speak, type Verdict } from "./conformance/steps";
import { openScim, patchOp, scimClient, type ScimClient, type ScimServer } from "./support/door";

let server: ScimServer;
beforeAll(async () => {
  server = await openScim();
});

const speakAs =
  (idp: ScimClient): Speak =>
  async (request) => {
    const began = performance.now();
    const reply = await idp.send(request);
    return { ...reply, ms: performance.now() - began };
  };

const failed = (verdicts: readonly Verdict[]): string[] =>
  verdicts.filter(({ passed }) => !passed).map(({ step, check }) => `${step}: ${check}`);

/** The numbers of a row of the table in docs/conformance.md. */
function published(suite: string): { readonly passed: number; readonly of: number } {
  const text = readFileSync(join(__dirname, "../../docs/conformance.md"), "utf8");
  const row = text.split("\n").find((line) => line.includes(suite));
  const [, passed, of] = /\*\*(\d+) of (\d+)\*\*/.exec(row ?? "") ?? [];
  return { passed: Number(passed), of: Number(of) };
}

test("SCIM-OK01, SCIM-OK02, SCIM-OK03, SCIM-OK04, SCIM-OK10, SCIM-OK19, SCIM-OK20: all 52 assertions of Okta's SPEC test hold", async () => {
  const idp = await scimClient(server, { preset: "okta" });
  // The test asks for one user with a full name: the owner, who has only an address until somebody fills it in.
  const [owner] = (await idp.get("/Users")).body.Resources;
  const name = { givenName: "Olga", familyName: "Owner" };
  const emails = [{ value: owner.userName, type: "work", primary: true }];
  await idp.patch(`/Users/${owner.id}`, patchOp({ op: "replace", value: { name, emails } }));

  const verdicts = await runSteps(oktaSpec, speakAs(idp), {
    userName: `runscope300${idp.org.slug}@atko.com`,
    email: `runscope300${idp.org.slug}@atko.com`,
    givenName: "Runscope",
    familyName: "Tester",
  });

  expect(failed(verdicts)).toEqual([]);
  expect(verdicts).toHaveLength(52);
  expect(published("Okta SCIM 2.0 SPEC test")).toEqual({ passed: 52, of: verdicts.length });
});

test("SCIM-EN02, SCIM-EN03, SCIM-EN05, SCIM-EN17, SCIM-EN18, SCIM-EN24: the cases of Microsoft's Postman collection hold", async () => {
  const switches = { patchResponse: "204", unknownMembers: "ignore" };
  const idp = await scimClient(server, { preset: "entra", switches });

  const verdicts = await runSteps(microsoftCases, speakAs(idp), {});

  expect(failed(verdicts)).toEqual([]);
  expect(published("Microsoft's cases")).toEqual({ passed: verdicts.length, of: verdicts.length });
});

test("SCIM-TF01: the conformance table can fail: a wrong answer is told by step and check", async () => {
  const idp = await scimClient(server, { preset: "okta" });
  const speak: Speak = async (request) => {
    const reply = await speakAs(idp)(request);
    return { ...reply, status: 418, body: {}, text: "", ms: 601 };
  };
  const verdicts = await runSteps(oktaSpec, speak, { userName: "x", email: "x", givenName: "x", familyName: "x" });
  expect(verdicts.filter(({ passed }) => passed)).toEqual([]);
});
