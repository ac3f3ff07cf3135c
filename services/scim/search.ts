import { distinctEntries } from "./read-value";
import { invalidSyntax, shown } from "./refusal";
import { bodyOf, type Answer, type Exchange } from "./request";
import { messages, sameUrn } from "./urns";

type Work = (exchange: Exchange, id: string) => Promise<Answer>;

/**
 * `POST …/.search`: a list request whose parameters stand in a body, for filters that no URL holds (SCIM-182). The
 * answer is that of the GET.
 */
export function searching(list: Work): Work {
  return (exchange, id) => list({ ...exchange, query: parametersOf(exchange) }, id);
}

function parametersOf(exchange: Exchange): ReadonlyMap<string, unknown> {
  const body = new Map(distinctEntries(bodyOf(exchange), "").map(([key, value]) => [key.toLowerCase(), value]));
  const schemas = body.get("schemas");
  if (schemas === undefined || schemas === null) {
    if (exchange.dialect.missingSchemas === "refuse")
      throw invalidSyntax(`schemas is missing, expected ["${messages.searchRequest}"]`);
    exchange.trail.coerce("schemas", "missingSchemas", null, [messages.searchRequest]);
    return body;
  }
  const isNamed =
    Array.isArray(schemas) && schemas.some((urn) => typeof urn === "string" && sameUrn(urn, messages.searchRequest));
  if (!isNamed) throw invalidSyntax(`schemas is ${shown(schemas)}, expected it to name ${messages.searchRequest}`);
  return body;
}
