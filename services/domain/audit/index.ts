export type { EntryPage, ListedEntry } from "./entries.store";
export type { AuditEntry, AuditHead } from "./entry";
export * from "./forget-subject";
export { headSigner, type HeadSigner } from "./head-signer";
export * from "./list-entries";
export * from "./seal-entries";
export * from "./verify-entries";
