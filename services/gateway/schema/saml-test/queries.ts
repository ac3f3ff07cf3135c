import { Arg, Ctx, ID, Query, Resolver } from "type-graphql";
import {
  explainIdpError,
  hintText,
  idpErrorText,
  listTestRuns,
  showConnection,
  showTestRun,
  type TestRun,
} from "../../../domain/identity";
import { publicId } from "../../../kernel/ids";
import { parseText } from "../../../kernel/text";
import type { GatewayContext } from "../../context";
import { ask } from "../../execution/ask";
import { idAt } from "../inputs";
import { IdpErrorExplanationNode, SamlTestRunNode, SamlTestsNode } from "./node";

/** Trials are begun in a browser, which the identity provider has to see; what came of them is read here (SAML-96). */
@Resolver()
export class SamlTestQueries {
  @Query(() => SamlTestsNode, { description: "How a connection is tried, and what came of your own trials." })
  async samlTests(
    @Arg("connectionId", () => ID, { description: "con_…" }) connectionId: string,
    @Ctx() context: GatewayContext,
  ): Promise<SamlTestsNode> {
    return ask(context, async (tx) => {
      const id = idAt("connectionId", "connection", connectionId);
      const { urls } = await showConnection(tx, { id });
      const runs = await listTestRuns(tx, { connectionId: id });
      const base = urls.acsUrl.replace(/\/acs$/, "");
      return { startUrl: `${base}/test`, setupUrl: `${base}/setup`, runs: runs.map((run) => shown(run, context)) };
    });
  }

  @Query(() => SamlTestRunNode, { description: "The report of a trial that you began." })
  async samlTestRun(
    @Arg("id", () => ID, { description: "run_…" }) id: string,
    @Ctx() context: GatewayContext,
  ): Promise<SamlTestRunNode> {
    return ask(context, async (tx) => shown(await showTestRun(tx, { id: idAt("id", "testRun", id) }), context));
  }

  @Query(() => IdpErrorExplanationNode, {
    nullable: true,
    description: "What an error means that the identity provider shows on its own page; nothing for an unknown one.",
  })
  async explainIdpError(
    @Arg("text", () => String, { description: "The error, as it is shown there." }) text: string,
    @Ctx() context: GatewayContext,
  ): Promise<IdpErrorExplanationNode | null> {
    return ask(context, (_tx) => {
      const code = explainIdpError(parseText("text", text, { max: 2_000, multiline: true }));
      return Promise.resolve(code ? { code, text: idpErrorText(context.locale, code) } : null);
    });
  }
}

function shown({ id, connectionId, passed, report, createdAt }: TestRun, { locale }: GatewayContext): SamlTestRunNode {
  const { evidence, preview, hints } = report;
  return {
    id: publicId("testRun", id),
    connectionId: publicId("connection", connectionId),
    passed,
    createdAt,
    refusal: evidence.refusal?.code ?? preview?.refusal ?? null,
    effect: preview?.effect ?? null,
    role: preview?.role ?? null,
    seated: preview?.seated ?? null,
    email: preview?.email ?? null,
    domainTrust: preview?.domain?.toUpperCase() ?? null,
    groups: preview?.groups ?? null,
    attributeNames: evidence.facts?.attributes.map(({ name }) => name) ?? [],
    clockOffsetSeconds: evidence.clockOffsetSeconds,
    shownCertificate: evidence.shownCertificate?.sha256 ?? null,
    warnings: evidence.facts?.warnings ?? [],
    hints: hints.map((hint) => ({ code: hint.code, text: hintText(locale, hint) })),
    checks: evidence.checks.map(({ expected, received, result, ...line }) => ({
      ...line,
      result: result.toUpperCase(),
      expected: expected ?? null,
      received: received ?? null,
    })),
  };
}
