export type { EntryPage, ListedEntry } from "./entries.store";
export type { AuditEntry, AuditHead } from "./entry";
export { headSigner, type HeadSigner } from "./head-signer";
export * from "./list-entries";
export * from "./seal-entries";
export * from "./verify-entries";
