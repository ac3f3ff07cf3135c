import type { AssertionFacts, AssertionWarning, AttributeFact } from "../domain/identity";
import { dayMs } from "../kernel/clock";
import { confirmedBy } from "./checks-confirmation";
import { nameIdKey } from "./checks-subject";
import type { ReadAttribute } from "./read";
import type { Reading } from "./reading";
import { readTime } from "./time";
import { sha1 } from "./algorithms";
import type { SignatureParts } from "./signature";
import type { TrustedCertificate } from "./trust";

/** How the assertion was proved. */
export interface Verification {
  readonly signatures: readonly SignatureParts[];
  readonly certificate: TrustedCertificate;
  readonly responseSigned: boolean;
  readonly assertionSigned: boolean;
  readonly encrypted: boolean;
}

/** Turns a reading that passed every rule into facts. */
export function factsOf(reading: Reading, verification: Verification): AssertionFacts {
  const { assertion, response, trust, now } = reading;
  const [nameId] = assertion.nameIds;
  const [statement] = assertion.authnStatements;
  const confirmation = confirmedBy(reading);
  const authnInstant = statement?.authnInstant === undefined ? undefined : readTime(statement.authnInstant);
  const issuedAt = assertion.issueInstant === undefined ? undefined : readTime(assertion.issueInstant);
  const key = nameId && nameIdKey(nameId);
  if (!assertion.id || !issuedAt || !nameId || !key || !statement || !authnInstant || !confirmation) {
    // Unreachable while the rules stand; the mutation job takes them away one by one.
    throw new Error("facts were asked of a reading that does not hold them");
  }
  const ends = [
    ...assertion.conditions.map((conditions) => conditions.notOnOrAfter),
    ...assertion.confirmations.map((c) => c.notOnOrAfter),
  ].flatMap((text) => (text === undefined ? [] : (readTime(text) ?? [])));
  const last = ends.reduce((latest, end) => (end > latest ? end : latest), now);
  const sessions = assertion.authnStatements.flatMap((s) =>
    s.sessionNotOnOrAfter === undefined ? [] : (readTime(s.sessionNotOnOrAfter) ?? []),
  );
  const attributes = attributeFacts(assertion.attributes);
  const warnings: [AssertionWarning, boolean][] = [
    ["lifetime_long", last.getTime() - now.getTime() > dayMs],
    [
      "sha1_used",
      verification.signatures.some((s) => s.signatureMethod === sha1.signature || s.digestMethod === sha1.digest),
    ],
    ["certificate_expired", verification.certificate.notAfter <= now],
    ["destination_absent", response.destination === undefined],
    ["attribute_repeated", attributes.some((attribute) => attribute.repeated)],
    ["name_id_transient", nameId.format?.endsWith(":transient") ?? false],
    ["proxy_restricted", assertion.conditions.some((conditions) => conditions.proxyRestricted)],
  ];
  return {
    assertionId: assertion.id,
    responseId: response.id ?? null,
    issuer: trust.idpEntityId,
    issuedAt,
    nameId: {
      value: key,
      format: nameId.format ?? null,
      nameQualifier: nameId.nameQualifier ?? null,
      spNameQualifier: nameId.spNameQualifier ?? null,
    },
    inResponseTo: confirmation.inResponseTo ?? null,
    authnInstant,
    authnContext: statement.context ?? null,
    sessionIndex: statement.sessionIndex ?? null,
    sessionNotOnOrAfter: sessions.reduce<Date | null>((first, at) => (first && first <= at ? first : at), null),
    replayableUntil: last,
    oneTimeUse: assertion.conditions.some((conditions) => conditions.oneTimeUse),
    attributes,
    signed: {
      response: verification.responseSigned,
      assertion: verification.assertionSigned,
      certificate: verification.certificate.sha256,
    },
    encrypted: verification.encrypted,
    warnings: warnings.filter(([, holds]) => holds).map(([warning]) => warning),
  };
}

function attributeFacts(read: readonly ReadAttribute[]): AttributeFact[] {
  const byName = new Map<string, AttributeFact>();
  for (const { name = "", friendlyName, values } of read) {
    const before = byName.get(name);
    byName.set(name, {
      name,
      friendlyName: before?.friendlyName ?? friendlyName ?? null,
      values: [...(before?.values ?? []), ...values.map((value) => value ?? "")],
      repeated: before !== undefined,
    });
  }
  return [...byName.values()];
}
