import { notFound } from "../../kernel/errors";
import type { ConnectionId } from "../../kernel/ids";
import type { Tx } from "../../platform/unit-of-work";
import { useCase } from "../access";
import { listCertificateRows, type ConnectionCertificate } from "./certificate.store";
import type { Connection } from "./connection";
import { findConnection, listConnectionRows, listDeletedConnections } from "./connection.store";
import { samlUrls, type SamlUrls } from "./saml-urls";
import { listSpKeyRows, type SpKeyView } from "./sp-key.store";

/** A connection with all that its setup page shows (SAML-14): never a private key. */
export interface ConnectionDetails {
  readonly connection: Connection;
  /** What is copied into the identity provider. */
  readonly urls: SamlUrls & { readonly sloUrl: string };
  readonly certificates: readonly ConnectionCertificate[];
  readonly keys: readonly SpKeyView[];
}

/** The organization's connections, oldest first; with `deleted` those that can be restored. */
export const listConnections = useCase(
  "identity:read",
  async (tx: Tx, input: { deleted?: boolean }): Promise<Connection[]> =>
    input.deleted ? listDeletedConnections(tx) : listConnectionRows(tx),
  "listConnections",
);

/** @throws PlenumError `not_found`. */
export const showConnection = useCase(
  "identity:read",
  async (tx: Tx, input: { id: ConnectionId }): Promise<ConnectionDetails> => {
    const connection = await findConnection(tx, input.id);
    if (!connection) throw notFound("connection");
    const urls = samlUrls(tx, input.id);
    const certificates = await listCertificateRows(tx, input.id);
    const keys = await listSpKeyRows(tx, input.id);
    const sloUrl = `${tx.instance.publicUrl}/saml/${urls.connectionId}/slo`;
    return {
      connection,
      urls: { ...urls, entityId: connection.spEntityId ?? urls.entityId, sloUrl },
      certificates,
      keys,
    };
  },
  "showConnection",
);
