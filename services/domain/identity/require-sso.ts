import { PlenumError } from "../../kernel/errors";
import type { SamlConnection } from "./saml-connection";

/**
 * What every sign-in needs, in both directions (SAML-01, SAML-57, SAML-67).
 * @throws PlenumError `organization_suspended`, `entitlement_required`, `connection_inactive`.
 */
export function requireLiveConnection(connection: SamlConnection): void {
  if (!connection.organizationActive)
    throw new PlenumError("organization_suspended", "this organization is not active");
  if (!connection.entitled) {
    throw new PlenumError("entitlement_required", "the plan of this organization does not include single sign-on", {
      feature: "sso",
    });
  }
  if (connection.samlState !== "ACTIVE") {
    throw new PlenumError("connection_inactive", "single sign-on is switched off for this connection", {
      state: connection.samlState,
    });
  }
}
