import { HeaderMap, type ApolloServerPlugin, type GraphQLRequestListener } from "@apollo/server";
import type { OperationDefinitionNode } from "graphql";
import { PlenumError } from "../../kernel/errors";
import type { GatewayContext, Reply } from "../context";
import type { errorFormatter } from "../errors/format";
import { refuse } from "../errors/refuse";
import { toGraphQL } from "../errors/to-graphql";
import type { CostBudgets } from "../limits/budget";
import { mediaTypes, wantedType } from "../http/media-type";
import { statusOf, type Outcome, type StatusProfile } from "../http/status";
import { costOf } from "./cost";
import { deprecatedIn } from "./deprecated";
import { asksForSchema } from "./introspection";
import { executePlanned } from "./planned";
import { inUnitOfWork } from "./unit";

export interface ExecutionOptions {
  /** Anybody may ask for the schema; else who has the permission. */
  readonly openSchema: boolean;
  readonly statusProfile: StatusProfile;
  /** Off: every operation is executed by graphql-js. */
  readonly planQueries: boolean;
  readonly formatError: ReturnType<typeof errorFormatter>;
  readonly budgets: CostBudgets;
}

/** What this door adds to Apollo's way of a request: the cost, who may see the schema, hot queries, the status. */
export function execution(options: ExecutionOptions): ApolloServerPlugin<GatewayContext> {
  const { openSchema, statusProfile, planQueries, formatError, budgets } = options;
  const listener: GraphQLRequestListener<GatewayContext> = {
    async didResolveOperation({ schema, document, operation, operationName, request, contextValue }) {
      if (!operation) return; // no operation of that name: graphql-js says so
      contextValue.reply.operation = operationName ?? operation.operation;
      contextValue.reply.deprecated = deprecatedIn(schema, document);
      const requested = costOf(schema, document, operation, request.variables ?? {});
      contextValue.reply.cost = charged(budgets, contextValue, requested);
      if (!openSchema && asksForSchema(document, operation)) await requireSchemaPermission(contextValue);
    },
    ...(planQueries && {
      async responseForOperation({ schema, document, operation, request, contextValue }) {
        // Apollo says that it is there; with an unknown operationName it is not.
        const known = operation as OperationDefinitionNode | undefined;
        if (!known) return null;
        const asked = { schema, document, operation: known, variables: request.variables ?? {} };
        const planned = await executePlanned(asked, contextValue);
        if (!planned) return null;
        const errors = planned.errors.map((error) => formatError(error.toJSON(), error));
        const data = planned.data as unknown as Record<string, unknown> | null; // text, see json-text.ts
        const singleResult = { data, ...(errors.length > 0 ? { errors } : {}) };
        return { http: { headers: new HeaderMap() }, body: { kind: "single", singleResult } };
      },
    }),
    async willSendResponse({ response, request, source, contextValue }) {
      if (response.body.kind !== "single") return;
      const { cost } = contextValue.reply;
      if (cost) response.body.singleResult.extensions = { cost };
      // Without a document there is nothing to execute, and a mutation by GET is a matter of HTTP: there Apollo knows.
      if ((source as string | undefined) === undefined || response.http.status === 405) return;
      const outcome = response.body.singleResult as Outcome;
      const type = wantedType(request.http?.headers.get("accept")) ?? mediaTypes.json;
      response.http.status = statusOf(outcome, type, statusProfile);
      if (response.http.status === 503) response.http.headers.set("retry-after", "2");
    },
  };
  return { requestDidStart: async () => listener };
}

/** @throws GraphQLError `RATE_LIMITED` where a token has spent its points (attack row 28) */
function charged(budgets: CostBudgets, { payer, reply }: GatewayContext, requested: number): Reply["cost"] {
  if (payer === undefined) return { requested };
  const { allowed, status, retryAfter } = budgets.charge(payer, requested);
  const cost = { requested, throttleStatus: status };
  if (allowed) return cost;
  reply.cost = cost;
  reply.headers.set("Retry-After", String(retryAfter));
  throw refuse("RATE_LIMITED", `the operation costs ${requested} points`, { facts: { ...status, retryAfter } });
}

async function requireSchemaPermission(context: GatewayContext): Promise<void> {
  try {
    await inUnitOfWork(context, async (tx) => {
      if (tx.caller.permissions.has("schema:read")) return;
      throw new PlenumError("forbidden", "this needs the permission schema:read", { permission: "schema:read" });
    });
  } catch (error) {
    throw toGraphQL(error, context);
  }
}
