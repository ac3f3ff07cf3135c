import { PlenumError, notFound } from "../../kernel/errors";
import type { ConnectionId } from "../../kernel/ids";
import { parseText } from "../../kernel/text";
import type { Tx } from "../../platform/unit-of-work";
import { useCase } from "../access";
import { grantEntitlement, requireEntitlement } from "../organizations";
import { addConnection } from "./add-connection";
import { requireFreshSession } from "./administrator";
import { badConnection, readCertificates } from "./certificates";
import { findConnection } from "./connection.store";
import { lockConnection, oldestConnection, type Provisioning, type SamlState } from "./connections.store";
import { leaveIdentityProvider } from "./leave-identity-provider";
import { readMetadata } from "./read-metadata";
import { findSamlConnection, type SamlConnection } from "./saml-connection";
import { certificateStatuses, configureSamlRow, replaceCertificates } from "./saml-connections.store";
import { readEndpoint, readEntityId, type Binding, type IdpRecord, type UrlRule } from "./saml-settings";
import { freshKeys, type FreshKeys } from "./self-signed";
import { storeFirstKey } from "./sp-keys";

/** What an administrator types where there is no metadata (SAML-03). */
export interface ManualIdp {
  readonly idpEntityId: string;
  readonly ssoUrl: string;
  readonly ssoBinding?: Binding;
  readonly sloUrl?: string;
  readonly sloBinding?: Binding;
  readonly certificates: readonly string[];
}

export interface ImportConnection {
  readonly from:
    | { readonly kind: "metadata"; readonly xml: string; readonly entityId?: string }
    | { readonly kind: "manual"; readonly idp: ManualIdp };
  /** Absent: the organization's oldest connection, or a new one where there is none (ruling 12). */
  readonly connectionId?: ConnectionId;
  readonly name?: string;
  readonly provisioning?: Provisioning;
  /** A pair for a connection that has none yet, made before the unit of work by `freshKeys`; absent: made within it. */
  readonly keys?: FreshKeys;
}

/**
 * Points a connection at an identity provider. The operator vouches, so theirs is active at once; everybody else's
 * stays a draft until it was tried (SAML-01, ruling 12).
 * @throws PlenumError `invalid` with a reason, `entitlement_required`, `forbidden` for an old session, `not_found`.
 */
export const importConnection = useCase(
  "identity:write",
  async (tx: Tx, input: ImportConnection): Promise<SamlConnection> => {
    if (tx.caller.kind === "operator") {
      await grantEntitlement(tx, { feature: "sso", reason: "operator imported a SAML connection" });
    }
    await requireFreshSession(tx);
    await requireEntitlement(tx, "sso");
    const idp = readIdp(tx, input.from);
    const name = input.name === undefined ? null : parseText("name", input.name, { max: 120 });
    const id = input.connectionId ?? (await oldestConnection(tx)) ?? (await addConnection(tx, name ?? "SAML"));
    const before = await lockConnection(tx, id);
    if (!before) throw notFound("connection");
    const compromised = (await certificateStatuses(tx, id)).filter(({ status }) => status === "COMPROMISED");
    if (idp.certificates.some((c) => compromised.some((old) => old.sha256 === c.sha256))) {
      throw badConnection(
        "certificates",
        "compromised_certificate",
        "a certificate that was not marked as compromised",
      );
    }

    await replaceCertificates(tx, id, idp.certificates);
    const samlState = stateAfterImport(tx, before.samlState);
    const from = (await findConnection(tx, id))?.idpEntityId ?? null;
    await leaveIdentityProvider(tx, id, { from, to: idp.idpEntityId });
    await configureSamlRow(tx, id, { ...idp, name, samlState, provisioning: input.provisioning ?? null });
    const connection = await withSigningKey(tx, id, input.keys);

    tx.audit({
      action: "connection.import",
      target: { kind: "connection", id },
      facts: {
        idpEntityId: idp.idpEntityId,
        ssoUrl: idp.ssoUrl,
        certificates: idp.certificates.map((c) => c.sha256),
        samlState,
      },
    });
    tx.emit({ name: "connection.changed", connectionId: id });
    return connection;
  },
  "importConnection",
);

function readIdp(tx: Tx, from: ImportConnection["from"]): IdpRecord {
  // Production refuses an http public URL, so an http one means a developer's machine (ruling c1).
  const rule: UrlRule = { httpAllowed: tx.instance.publicUrl.startsWith("http:") };
  if (from.kind === "metadata") {
    const { entityId } = from;
    return readMetadata(from.xml, { ...rule, now: tx.now, ...(entityId === undefined ? {} : { entityId }) });
  }
  const { idp } = from;
  const sloUrl = idp.sloUrl === undefined ? null : readEndpoint("sloUrl", idp.sloUrl, rule);
  return {
    idpEntityId: readEntityId("idpEntityId", idp.idpEntityId),
    ssoUrl: readEndpoint("ssoUrl", idp.ssoUrl, rule),
    ssoBinding: idp.ssoBinding ?? "REDIRECT",
    sloUrl,
    sloBinding: sloUrl === null ? null : (idp.sloBinding ?? "REDIRECT"),
    certificates: readCertificates("certificates", idp.certificates),
    signRequests: false,
    validUntil: null,
  };
}

function stateAfterImport(tx: Tx, before: SamlState): SamlState {
  if (tx.caller.kind === "operator") return "ACTIVE";
  // A connection in use goes on: whoever may write it has just named the identity provider it trusts.
  return before;
}

async function withSigningKey(tx: Tx, id: ConnectionId, keys: FreshKeys | undefined): Promise<SamlConnection> {
  const connection = await findSamlConnection(tx, id);
  if (connection?.keys.some((key) => key.use === "SIGNING")) return connection;
  await storeFirstKey(tx, id, "SIGNING", keys ?? (await freshKeys()));
  const made = await findSamlConnection(tx, id);
  if (!made) throw new PlenumError("internal", "the connection vanished under its own lock");
  return made;
}
