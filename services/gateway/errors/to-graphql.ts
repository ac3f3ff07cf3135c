import { GraphQLError } from "graphql";
import { PlenumError } from "../../kernel/errors";
import type { GatewayContext } from "../context";
import { sayings, shownCode } from "./codes";
import { messageOf } from "./messages";
import { refuse } from "./refuse";

/**
 * What a resolver throws to the executor: a code of the closed list, the request's number, nothing internal (GQL-15).
 * What is no refusal is a fault of ours: its stack goes to the log, its text to nobody.
 */
export function toGraphQL(error: unknown, context: GatewayContext): GraphQLError {
  const { locale, origin, gateway } = context;
  const errorId = origin.requestId;
  if (error instanceof GraphQLError) return error;
  if (!(error instanceof PlenumError)) {
    gateway.log.error({ err: error, requestId: errorId }, "a GraphQL field failed");
    return refuse("INTERNAL", messageOf("internal", {}, locale), { errorId });
  }
  const { code, facts } = error;
  if (code === "internal") gateway.log.error({ err: error, requestId: errorId }, "a GraphQL field failed");
  const shown = code === "internal" ? {} : { ...facts, reason: shownCode(code) };
  return refuse(sayings[code].code, messageOf(code, facts, locale), { facts: shown, errorId });
}
