import { randomUUID } from "node:crypto";
import type { GraphQLFormattedError } from "graphql";
import type { Log } from "../../platform/log";
import { messageOf } from "./messages";
import { topLevelCodes, type TopLevelCode } from "./codes";

// Apollo's own codes, in ours. What stands in neither list is a fault: it becomes INTERNAL.
const ofApollo: Readonly<Record<string, TopLevelCode>> = {
  GRAPHQL_PARSE_FAILED: "BAD_USER_INPUT",
  GRAPHQL_VALIDATION_FAILED: "BAD_USER_INPUT",
  BAD_USER_INPUT: "BAD_USER_INPUT",
  BAD_REQUEST: "BAD_USER_INPUT",
  OPERATION_RESOLUTION_FAILURE: "BAD_USER_INPUT",
  PERSISTED_QUERY_NOT_SUPPORTED: "PERSISTED_QUERY_NOT_SUPPORTED",
};

const known: ReadonlySet<string> = new Set(topLevelCodes);

/** The last look at every error before it leaves: codes of the closed list only, no stack, no text of ours. */
export function errorFormatter(log: Log): (formatted: GraphQLFormattedError, error: unknown) => GraphQLFormattedError {
  return (formatted, error) => {
    const { code, limit, facts, errorId } = formatted.extensions ?? {};
    // Apollo overwrites the code of a validation error; the limit's name tells that it is one of ours (GQL-15).
    if (limit !== undefined) return { ...formatted, extensions: { code: "OPERATION_TOO_COMPLEX", limit } };
    if (tokenLimit.test(formatted.message)) {
      return {
        message: "the document holds too many tokens",
        extensions: { code: "OPERATION_TOO_COMPLEX", limit: "tokens" },
      };
    }
    const own = typeof code === "string" ? (known.has(code) ? code : ofApollo[code]) : undefined;
    if (own === undefined || (own === "INTERNAL" && errorId === undefined)) return faulty(log, formatted, error);
    return {
      ...formatted,
      extensions: {
        code: own,
        ...(facts === undefined ? {} : { facts }),
        ...(errorId === undefined ? {} : { errorId }),
      },
    };
  };
}

const tokenLimit = /Document contains more tha[nt] \d+ tokens/;

function faulty(log: Log, formatted: GraphQLFormattedError, error: unknown): GraphQLFormattedError {
  const errorId = randomUUID();
  log.error({ err: error, errorId, path: formatted.path }, "GraphQL failed outside a resolver");
  return {
    message: messageOf("internal", {}, "en"),
    ...(formatted.path === undefined ? {} : { path: formatted.path }),
    extensions: { code: "INTERNAL", errorId },
  };
}
