import type { Request, Response } from "express";
import type { SamlConnection } from "../domain/identity";
import { dayMs, plusMs } from "../kernel/clock";
import { originOf } from "../platform/http/request";
import type { Snapshot } from "./connections";
import type { SamlContext } from "./context";
import { emailAddress, persistent, writeMetadata } from "./metadata-write";
import { siblingUrl } from "./urls";

const validDays = 3 * 365;

/** `GET /saml/{connection}/metadata`: who we are for this connection; read anew, because keys rotate (SAML-13). */
export async function metadata(context: SamlContext, req: Request, res: Response, found: Snapshot): Promise<void> {
  const { connection } = await context.connections.read(found.connection.id, originOf(req, res));
  const { xml, etag } = writeMetadata(describe(connection));
  res.set({ "Cache-Control": "no-cache", ETag: etag, "Cross-Origin-Resource-Policy": "cross-origin" });
  if (
    req
      .get("if-none-match")
      ?.split(",")
      .some((tag) => tag.trim() === etag)
  ) {
    res.status(304).end();
    return;
  }
  res.type("application/samlmetadata+xml").send(xml);
}

function describe(connection: SamlConnection) {
  // The one in use first: SimpleSAMLphp and others encrypt for whichever they read first, and the others are on their way
  // out or not sure to stay (SAML-15).
  const certificatesFor = (use: "SIGNING" | "ENCRYPTION") => {
    const shown = connection.keys.filter((key) => key.use === use && key.status !== "NEXT");
    return shown.sort((a, b) => Number(b.status === "ACTIVE") - Number(a.status === "ACTIVE"));
  };
  const shown = [...certificatesFor("SIGNING"), ...certificatesFor("ENCRYPTION")];
  const ends = shown.map((key) => key.validTo);
  const { nameIdFormat } = connection.options;
  return {
    entityId: connection.spEntityId,
    acsUrl: connection.urls.acsUrl,
    sloUrl: siblingUrl(connection, "slo"),
    signingCertificates: certificatesFor("SIGNING").map((key) => key.certificatePem),
    encryptionCertificates: certificatesFor("ENCRYPTION").map((key) => key.certificatePem),
    signRequests: connection.signRequests,
    signaturePolicy: connection.signaturePolicy,
    nameIdFormats: nameIdFormat === undefined ? [persistent, emailAddress] : [nameIdFormat],
    validUntil: ends.reduce(
      (first, end) => (end < first ? end : first),
      plusMs(connection.createdAt, validDays * dayMs),
    ),
  };
}
