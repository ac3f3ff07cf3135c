import { createHmac } from "node:crypto";
import { ApolloServer, type ApolloServerOptions } from "@apollo/server";
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginLandingPageDisabled,
} from "@apollo/server/plugin/disabled";
import { Cursors } from "../domain/reading";
import type { DoorContext, OpenDoor } from "../platform/door";
import type { Gateway, GatewayContext, Outside } from "./context";
import { errorFormatter } from "./errors/format";
import { writeResult } from "./execution/json-text";
import { execution } from "./execution/plugin";
import { graphqlRouter } from "./http/router";
import type { StatusProfile } from "./http/status";
import type { TrustedDocuments } from "./http/trusted";
import { CostBudgets, type Budget } from "./limits/budget";
import { limits } from "./limits/limits";
import { limitsRule } from "./limits/rule";
import { plenumSchema } from "./schema/build";

export interface GatewayOptions {
  readonly deadlineMs?: number;
  /** Off: every operation is executed by graphql-js (GQL-37). */
  readonly planQueries?: boolean;
  readonly statusProfile?: StatusProfile;
  /** What an API token may spend. */
  readonly budget?: Budget;
  /** What a session may ask; anything where they are not given. */
  readonly trusted?: TrustedDocuments;
  readonly outside?: Outside;
  /** Where parsed documents are kept; Apollo's own 30 MB without it (GQL-38). */
  readonly documents?: NonNullable<ApolloServerOptions<GatewayContext>["documentStore"]>;
}

const tenSeconds = 10_000;

/** Opens the GraphQL door. */
export async function openGateway(
  { config, db, log, masterSecret }: Pick<DoorContext, "config" | "db" | "log" | "masterSecret">,
  options: GatewayOptions = {},
): Promise<OpenDoor> {
  const { deadlineMs = tenSeconds, planQueries = true, statusProfile = "audit" } = options;
  const cursorKey = createHmac("sha256", masterSecret).update("plenum cursors").digest();
  const { publicUrl } = config;
  const gateway: Gateway = { db, log, publicUrl, cursors: new Cursors(cursorKey), outside: options.outside ?? {} };
  const schema = plenumSchema();
  const formatError = errorFormatter(log);
  const apollo = new ApolloServer<GatewayContext>({
    schema,
    // Nothing in Apollo depends on the environment that it finds (PIT-11).
    nodeEnv: "production",
    introspection: true, // who may see the schema is asked in execution/plugin.ts
    hideSchemaDetailsFromClientErrors: true,
    includeStacktraceInErrorResponses: false,
    allowBatchedHttpRequests: false,
    csrfPrevention: true,
    persistedQueries: false,
    ...(options.documents ? { documentStore: options.documents } : {}),
    stopOnTerminationSignals: false,
    parseOptions: { maxLexicalTokens: limits.tokens },
    validationRules: [limitsRule],
    validationOptions: { maxErrors: limits.errors },
    executionOptions: { maxCoercionErrors: limits.errors },
    formatError,
    stringifyResult: writeResult,
    logger: apolloLogger(log),
    plugins: [
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginLandingPageDisabled(),
      execution({
        openSchema: !config.production,
        statusProfile,
        planQueries,
        formatError,
        budgets: new CostBudgets(options.budget),
      }),
    ],
  });
  await apollo.start();
  return {
    router: graphqlRouter({
      gateway,
      apollo,
      deadlineMs,
      explorer: !config.production,
      trusted: options.trusted ?? config.trustedDocuments,
    }),
    close: () => apollo.stop(),
  };
}

function apolloLogger(log: DoorContext["log"]) {
  const say = (level: "debug" | "info" | "warn" | "error") => (message?: unknown) => {
    log[level]({ apollo: String(message) }, "Apollo speaks");
  };
  return { debug: say("debug"), info: say("debug"), warn: say("warn"), error: say("error") };
}
