import { PlenumError } from "../../kernel/errors";
import type { Tx } from "../../platform/unit-of-work";
import type { Connection } from "./connection";
import { countUsableCertificates } from "./connection.store";

/**
 * What a connection needs before any response is looked at: who answers, where to ask, and a key to check by. There is no
 * way on which "no certificate" could mean "no check" (SAML-05).
 * @throws PlenumError `conflict` naming what is missing.
 */
export async function requireUsable(tx: Tx, connection: Connection): Promise<void> {
  if (connection.idpEntityId === null) throw missing("idpEntityId");
  if (connection.ssoUrl === null) throw missing("ssoUrl");
  const expiredToo = connection.options.expiredCertificates !== "enforce";
  if ((await countUsableCertificates(tx, connection.id, expiredToo)) === 0) throw missing("certificate");
}

function missing(what: "idpEntityId" | "ssoUrl" | "certificate"): PlenumError {
  return new PlenumError("conflict", `the connection lacks its ${what}`, { missing: what });
}
