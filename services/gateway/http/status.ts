import type { GraphQLFormattedError } from "graphql";
import { JsonText } from "../execution/json-text";

/** `audit`: as the server audits of graphql-http want it. `draft`: as the draft of August 2026 has it. */
export type StatusProfile = "audit" | "draft";

export interface Outcome {
  readonly data?: Readonly<Record<string, unknown>> | JsonText | null | undefined;
  readonly errors?: readonly GraphQLFormattedError[] | undefined;
}

// What a proxy, a load balancer or an HTTP client must see without reading the body.
const ofCode: Readonly<Record<string, number>> = {
  UNAVAILABLE: 503,
  RATE_LIMITED: 429,
  UNAUTHENTICATED: 401,
  INTERNAL: 500,
};

/**
 * The one function that decides the status of an answer (GQL-03). `application/graphql-response+json` tells a request
 * that could not be executed by 400; a client of `application/json` finds it in the body of a 200. A limit is a refusal
 * to look at the request at all, so it is 400 for everybody.
 */
export function statusOf(outcome: Outcome, mediaType: string, profile: StatusProfile = "audit"): number {
  const { data, errors = [] } = outcome;
  const [first] = errors;
  if (!first) return 200;
  const answered =
    data instanceof JsonText ? data.isAnswered : data != null && Object.values(data).some((value) => value !== null);
  if (answered) return profile === "draft" && isResponseJson(mediaType) ? 294 : 200;
  const telling = errors.map((error) => ofCode[String(error.extensions?.["code"])]).find(Boolean);
  if (telling) return telling;
  if (data !== undefined) return 200;
  if (errors.some((error) => error.extensions?.["limit"] !== undefined)) return 400;
  if (!isResponseJson(mediaType)) return 200;
  return profile === "draft" && !first.message.startsWith("Syntax Error") ? 422 : 400;
}

function isResponseJson(mediaType: string): boolean {
  return mediaType.startsWith("application/graphql-response+json");
}
