/**
 * Every limit of this door once: what ServiceProviderConfig shows is what is enforced (SCIM-050, SCIM-200).
 */
export const limits = {
  defaultPageSize: 100,
  maxPageSize: 200,
  cursorSeconds: 3_600,
  bodyBytes: 1_048_576,
  /** Bodies that carry a group's members. */
  groupBodyBytes: 8_388_608,
  bulkBodyBytes: 4_194_304,
  bulkOperations: 1_000,
  /** Levels of objects and lists; what the protocol knows has eight at most. */
  bodyDepth: 64,
  patchOperations: 1_000,
  membersPerRequest: 50_000,
  /** Elements of an attribute other than members. */
  elements: 1_000,
  urlBytes: 8_192,
  filterCharacters: 4_096,
  filterNodes: 200,
  filterDepth: 32,
  /** A query over all resource types without filter (SCIM-105). */
  rootQueryRows: 10_000,
  requestMs: 10_000,
  /** No entry of a bulk request begins later than this. */
  bulkMs: 9_000,
  /** What is read of a body before its sender is known; also asked of who does not say how long it is. */
  strangerBytes: 65_536,
  ratePerSecond: 50,
  rateBurst: 200,
} as const;
