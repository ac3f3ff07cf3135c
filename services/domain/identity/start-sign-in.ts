import type { ConnectionId } from "../../kernel/ids";
import type { Tx } from "../../platform/unit-of-work";
import { useCase } from "../access";
import { insertSsoRequest } from "./sso-requests.store";

export interface StartSignIn {
  readonly connectionId: ConnectionId;
  /** The snapshot that the request is written from. */
  readonly version: string;
  readonly requestId: string;
  readonly relayState: string;
  readonly browserHash: Buffer;
  readonly returnPath: string;
  /** Whether the identity provider is to ask the person again, whom it knows already (SAML-21). */
  readonly reauth: boolean;
}

/**
 * Remembers a question to an identity provider: whose browser asked, and where the person wants to go (SAML-18). False
 * when the connection has changed since the snapshot, or is not live: the door looks again and says which.
 */
export const startSignIn = useCase(
  "sign-in",
  async (tx: Tx, { reauth, ...request }: StartSignIn): Promise<boolean> =>
    insertSsoRequest(tx, { ...request, purpose: reauth ? "REAUTH" : "LOGIN" }),
  "startSignIn",
);
