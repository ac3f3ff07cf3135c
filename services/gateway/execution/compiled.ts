import {
  getVariableValues,
  Kind,
  parse,
  visit,
  type DocumentNode,
  type ExecutionResult,
  type GraphQLSchema,
  type OperationDefinitionNode,
} from "graphql";
import { compileQuery, isCompiledQuery, type CompiledQuery } from "graphql-jit";
import type { Log } from "../../platform/log";
import { limits } from "../limits/limits";
import { passThroughName, withPassThrough } from "./pass-through";
import { mayCompile } from "./may-compile";

const usesBeforeCompiling = 3;
const compiledMax = 200;

interface Entry {
  uses: number;
  query: CompiledQuery["query"] | undefined;
}

/**
 * Executes hot queries by graphql-jit (GQL-37): compiled at the third use, 200 at most, the longest unused goes first.
 * Variables are coerced by graphql-js and handed through, because the library's own reader of variables overflows on
 * recursive inputs after seconds (attack row 31). What does not compile, or had better not, stays on graphql-js.
 */
export class CompiledQueries {
  private readonly schema: GraphQLSchema;
  private readonly entries = new Map<OperationDefinitionNode, Entry>();

  constructor(
    private readonly original: GraphQLSchema,
    private readonly log: Log,
  ) {
    this.schema = withPassThrough(original);
  }

  /** The result, or nothing where graphql-js is to execute. */
  async execute(
    request: { readonly source: string; readonly document: DocumentNode; readonly operation: OperationDefinitionNode },
    context: unknown,
    variables: Readonly<Record<string, unknown>>,
  ): Promise<ExecutionResult | undefined> {
    const query = this.compiledFor(request);
    if (!query) return undefined;
    const definitions = request.operation.variableDefinitions ?? [];
    const coerced = getVariableValues(this.original, definitions, variables, { maxErrors: limits.errors });
    // graphql-js says best what is wrong with variables.
    if (coerced.errors) return undefined;
    try {
      return await query({}, context, coerced.coerced);
    } catch (error) {
      // A fault of the compiled form; a query may be asked again.
      this.log.error({ err: error }, "a compiled query failed and is given up");
      this.entries.set(request.operation, { uses: usesBeforeCompiling, query: undefined });
      return undefined;
    }
  }

  private compiledFor(request: Parameters<CompiledQueries["execute"]>[0]): Entry["query"] {
    const { operation } = request;
    const entry = this.entries.get(operation) ?? { uses: 0, query: undefined };
    // To the end of the line: the map's order is that of use.
    this.entries.delete(operation);
    this.entries.set(operation, entry);
    if (this.entries.size > compiledMax)
      this.entries.delete(this.entries.keys().next().value as OperationDefinitionNode);
    entry.uses += 1;
    if (entry.uses === usesBeforeCompiling) entry.query = this.compile(request);
    return entry.query;
  }

  private compile({ source, document, operation }: Parameters<CompiledQueries["execute"]>[0]): Entry["query"] {
    if (operation.operation !== "query" || !mayCompile(document)) return undefined;
    try {
      // A copy of its own: the library writes into the nodes that it compiles.
      const copy = withPassedThroughVariables(parse(source, { maxTokens: limits.tokens }));
      const compiled = compileQuery(this.schema, copy, operation.name?.value ?? "", {
        // What plans hand over is what clients get: see domain/reading/decode.ts.
        disableLeafSerialization: true,
        disablingCapturingStackErrors: true,
      });
      return isCompiledQuery(compiled) ? compiled.query : undefined;
    } catch {
      return undefined;
    }
  }
}

function withPassedThroughVariables(document: DocumentNode): DocumentNode {
  return visit(document, {
    VariableDefinition: ({ variable }) => ({
      kind: Kind.VARIABLE_DEFINITION,
      variable,
      type: { kind: Kind.NAMED_TYPE, name: { kind: Kind.NAME, value: passThroughName } },
    }),
  });
}
