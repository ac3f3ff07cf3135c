/** What one request may ask for (GQL-10, GQL-30). Every refusal names the limit in `extensions.limit`. */
export const limits = {
  bodyBytes: 256 * 1024,
  tokens: 2_000,
  depth: 12,
  aliases: 30,
  rootFields: 10,
  directives: 30,
  /** Points by page sizes: an object counts one, a list counts its items. */
  cost: 5_000,
  /** Nodes that nested pages can reach: the product of the page sizes. */
  nodes: 50_000,
  pageSize: 100,
  variableDepth: 12,
  variableNodes: 10_000,
  /** Items of one list (GQL-18). */
  variableList: 250,
  errors: 10,
} as const;

export type LimitName =
  | "tokens"
  | "depth"
  | "aliases"
  | "rootFields"
  | "directives"
  | "cost"
  | "nodes"
  | "sensitiveMutations"
  | "variables"
  | "body";

/**
 * Mutations that hand out or move power: one of them per request, so that no list of aliases tries many at once
 * (attack row 6).
 */
export const sensitiveMutations: ReadonlySet<string> = new Set([
  "createToken",
  "createScimToken",
  "rotateScimToken",
  "createConnection",
  "importConnection",
  "updateConnection",
  "setSamlState",
  "addIdpCertificate",
  "addSpKey",
  "setSsoEnforcement",
  "addSsoExemption",
  "approveIdentityLink",
  "relinkIdentities",
  "transferOwnership",
  // These send us out into the network.
  "checkDomain",
  "refreshConnectionMetadata",
]);
