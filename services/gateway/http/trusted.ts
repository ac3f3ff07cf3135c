/** The documents of our own front end by their SHA-256, as its build writes them (GQL-33). */
export type TrustedDocuments = ReadonlyMap<string, string>;

export type Trusted = { readonly body: Readonly<Record<string, unknown>> } | { readonly refused: true };

/**
 * A session names what our own pages were built with by its number (`documentId: "sha256:…"`), and sends no document:
 * whoever steals into a page can then ask nothing that the page could not have asked.
 */
export function trustedBody(documents: TrustedDocuments, sent: unknown): Trusted {
  if (typeof sent !== "object" || sent === null) return { refused: true };
  const { documentId, query, ...rest } = sent as Record<string, unknown>;
  if (query !== undefined || typeof documentId !== "string") return { refused: true };
  const document = documents.get(documentId.replace(/^sha256:/, ""));
  return document === undefined ? { refused: true } : { body: { ...rest, query: document } };
}
