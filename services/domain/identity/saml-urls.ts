import { publicId, type ConnectionId } from "../../kernel/ids";
import type { Tx } from "../../platform/unit-of-work";

/** What an identity provider is given of one connection; the entity id is the connection's own (SAML-02). */
export interface SamlUrls {
  readonly connectionId: string;
  readonly metadataUrl: string;
  readonly acsUrl: string;
  readonly loginUrl: string;
  readonly entityId: string;
}

/** The addresses of a connection, built from the public URL and never from a request. */
export function samlUrls(tx: Tx, id: ConnectionId): SamlUrls {
  const connectionId = publicId("connection", id);
  const base = `${tx.instance.publicUrl}/saml/${connectionId}`;
  const [metadataUrl, acsUrl, loginUrl] = [`${base}/metadata`, `${base}/acs`, `${base}/login`];
  return { connectionId, metadataUrl, acsUrl, loginUrl, entityId: base };
}

/** Where somebody who came through a connection is asked again by their identity provider who they are (SAML-21). */
export function reauthUrl(tx: Tx, id: ConnectionId): string {
  return `${samlUrls(tx, id).loginUrl}?reauth=1`;
}
