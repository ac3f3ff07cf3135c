import { HeaderMap, type ApolloServerPlugin, type GraphQLRequestListener } from "@apollo/server";
import { PlenumError } from "../../kernel/errors";
import type { GatewayContext } from "../context";
import { errorFormatter } from "../errors/format";
import { toGraphQL } from "../errors/to-graphql";
import { mediaTypes, wantedType } from "../http/media-type";
import { statusOf, type Outcome, type StatusProfile } from "../http/status";
import type { CompiledQueries } from "./compiled";
import { chargedCost } from "./cost";
import { asksForSchema } from "./introspection";
import { inUnitOfWork } from "./unit";

export interface ExecutionOptions {
  /** Anybody may ask for the schema; else who has the permission. */
  readonly openSchema: boolean;
  readonly statusProfile: StatusProfile;
  readonly compiled: CompiledQueries | undefined;
  readonly formatError: ReturnType<typeof errorFormatter>;
}

/** What this door adds to Apollo's way of a request: the cost, who may see the schema, hot queries, the status. */
export function execution(options: ExecutionOptions): ApolloServerPlugin<GatewayContext> {
  const { openSchema, statusProfile, compiled, formatError } = options;
  const listener: GraphQLRequestListener<GatewayContext> = {
    async didResolveOperation({ schema, document, operation, operationName, request, contextValue }) {
      if (!operation) return; // no operation of that name: graphql-js says so
      contextValue.reply.operation = operationName ?? operation.operation;
      contextValue.reply.cost = chargedCost(schema, document, operation, request.variables ?? {});
      if (!openSchema && asksForSchema(document, operation)) await requireSchemaPermission(contextValue);
    },
    ...(compiled && {
      async responseForOperation({ source, document, operation, request, contextValue }) {
        if (!operation) return null;
        const result = await compiled.execute({ source, document, operation }, contextValue, request.variables ?? {});
        if (!result) return null;
        const errors = result.errors?.map((error) => formatError(error.toJSON(), error));
        const singleResult = { data: result.data ?? null, ...(errors ? { errors } : {}) };
        return { http: { headers: new HeaderMap() }, body: { kind: "single", singleResult } };
      },
    }),
    async willSendResponse({ response, request }) {
      if (response.body.kind !== "single") return;
      // Apollo has an opinion of its own only where a request is malformed for HTTP: 405, 415 and the like.
      const given = response.http.status;
      if (given !== undefined && given !== 200 && given !== 400 && given !== 500) return;
      const outcome = response.body.singleResult as Outcome;
      const type = wantedType(request.http?.headers.get("accept")) ?? mediaTypes.json;
      response.http.status = statusOf(outcome, type, statusProfile);
      if (response.http.status === 503) response.http.headers.set("retry-after", "2");
    },
  };
  return { requestDidStart: async () => listener };
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
