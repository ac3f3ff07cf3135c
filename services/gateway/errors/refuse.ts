import { GraphQLError, type ASTNode } from "graphql";
import type { Facts } from "../../kernel/errors";
import type { LimitName } from "../limits/limits";
import type { TopLevelCode } from "./codes";

interface RefusalOptions {
  readonly limit?: LimitName;
  readonly facts?: Facts;
  readonly nodes?: readonly ASTNode[];
  readonly errorId?: string;
}

/** An error of this door's closed list. */
export function refuse(code: TopLevelCode, message: string, options: RefusalOptions = {}): GraphQLError {
  const { limit, facts = {}, nodes, errorId } = options;
  const extensions = {
    code,
    ...(limit === undefined ? {} : { limit }),
    ...(Object.keys(facts).length === 0 ? {} : { facts }),
    ...(errorId === undefined ? {} : { errorId }),
  };
  return new GraphQLError(message, { extensions, ...(nodes === undefined ? {} : { nodes }) });
}
