/** What the application's role may do with every table of schema public, unless the table below says less. */
export const usualPrivileges = ["select", "insert", "update", "delete"] as const;

/**
 * Tables with less (rule R of the model): what is history cannot be rewritten even by a fault of ours. A privilege on
 * columns is written as PostgreSQL writes it.
 */
export const exceptions: Readonly<Record<string, readonly string[]>> = {
  schema_migration: ["select"],
  // The sealer alone writes place and hash, within a second of the row (SEC-51).
  audit_entry: ["select", "insert", "update (seq, prev_hash, hash)"],
  domain_event: ["select", "insert", "update (feed_seq)"],
  event_delivery: ["select", "insert"],
  licence_assignment: ["select", "insert", "update"],
  event_type_template_revision: ["select", "insert"],
};
