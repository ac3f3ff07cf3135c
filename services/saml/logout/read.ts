import { attribute, childrenNamed, textOf } from "../../kernel/xml/dom";
import { ns } from "../../kernel/xml/namespaces";
import { readIssuer, readNameId, readResponse, type ReadIssuer, type ReadNameId } from "../read";

// Only reads; logout/rules.ts judges.

interface Common {
  readonly id: string | undefined;
  readonly version: string | undefined;
  readonly issueInstant: string | undefined;
  readonly destination: string | undefined;
  readonly issuer: ReadIssuer | undefined;
}

export interface ReadLogoutRequest extends Common {
  readonly kind: "LogoutRequest";
  readonly notOnOrAfter: string | undefined;
  readonly nameIds: readonly ReadNameId[];
  readonly encryptedIds: readonly Element[];
  readonly sessionIndexes: readonly (string | undefined)[];
}

export interface ReadLogoutResponse extends Common {
  readonly kind: "LogoutResponse";
  readonly inResponseTo: string | undefined;
  readonly status: readonly string[];
}

export type ReadLogout = ReadLogoutRequest | ReadLogoutResponse;

/** The fields of a logout message whose octets were proved. */
export function readLogout(root: Element): ReadLogout {
  const common = {
    id: attribute(root, "ID"),
    version: attribute(root, "Version"),
    issueInstant: attribute(root, "IssueInstant"),
    destination: attribute(root, "Destination"),
    issuer: readIssuer(root),
  };
  if (root.localName === "LogoutResponse") {
    const { inResponseTo, status } = readResponse(root);
    return { kind: "LogoutResponse", ...common, inResponseTo, status };
  }
  return {
    kind: "LogoutRequest",
    ...common,
    notOnOrAfter: attribute(root, "NotOnOrAfter"),
    nameIds: childrenNamed(root, ns.saml, "NameID").map(readNameId),
    encryptedIds: childrenNamed(root, ns.saml, "EncryptedID"),
    sessionIndexes: childrenNamed(root, ns.samlp, "SessionIndex").map(textOf),
  };
}
