import { createHash } from "node:crypto";

/** The documents of our own front end by their SHA-256, as its build writes them (GQL-33). */
export type TrustedDocuments = ReadonlyMap<string, string>;

export type Trusted = { readonly body: Readonly<Record<string, unknown>> } | { readonly refused: true };

/**
 * A session may send what our own pages were built with, by number (`documentId: "sha256:…"`) or as it is: whoever
 * steals into a page can then ask nothing that the page could not have asked.
 */
export function trustedBody(documents: TrustedDocuments, sent: unknown): Trusted {
  if (typeof sent !== "object" || sent === null) return { refused: true };
  const { documentId, query, ...rest } = sent as Record<string, unknown>;
  const number = typeof documentId === "string" ? documentId.replace(/^sha256:/, "") : hashOf(query);
  const document = number === undefined ? undefined : documents.get(number);
  return document === undefined ? { refused: true } : { body: { ...rest, query: document } };
}

function hashOf(query: unknown): string | undefined {
  return typeof query === "string" ? createHash("sha256").update(query).digest("hex") : undefined;
}
