import { X509Certificate } from "node:crypto";
import type { CheckLine, ShownCertificate, TestEvidence } from "../domain/identity";
import { secondMs } from "../kernel/clock";
import { descendants, is, textOf } from "../kernel/xml/dom";
import { ns } from "../kernel/xml/namespaces";
import { decodeMessage, strictBase64 } from "./decode";
import { ruleBook, type CheckedRule, type Witness } from "./examination";
import type { ReadResponse } from "./read";
import type { SignatureParts } from "./signature";
import { readTime } from "./time";
import type { Expectation, Trust } from "./trust";
import { verifyField, verifyResponse, type Verdict } from "./verify";

/**
 * Examines a response for its administrator: every rule with what was expected and what came, in the order in which
 * they are asked, and not only the first that is broken (SAML-96).
 */
export function examineForReport(field: string, trust: Trust, expectation: Expectation, now: Date): TestEvidence {
  const notes = new Notes();
  const decoded = decodeMessage(field);
  const verdict = decoded.ok
    ? verifyResponse(decoded.xml, trust, expectation, now, ruleBook, notes)
    : verifyField(field, trust, expectation, now);
  return notes.evidence(verdict, now);
}

class Notes implements Witness {
  private readonly lines = new Map<string, CheckLine>();
  private signatures: readonly SignatureParts[] = [];
  private response: ReadResponse | undefined;
  private encrypted = false;

  // The same chapter is asked of the message and of its proven octets; what failed once has failed.
  asked(_chapter: string, rules: readonly CheckedRule[]): void {
    for (const { code, by, finding } of rules) {
      const key = `${by} ${code}`;
      if (this.lines.get(key)?.result === "fail") continue;
      this.lines.set(key, { requirement: by, code, result: finding ? "fail" : "pass", ...finding });
    }
  }

  saw(what: { signatures: readonly SignatureParts[]; encrypted: boolean; response: ReadResponse }): void {
    ({ signatures: this.signatures, encrypted: this.encrypted, response: this.response } = what);
  }

  evidence(verdict: Verdict, now: Date): TestEvidence {
    const refusal = verdict.ok ? null : verdict.refusal;
    const issued = this.response?.issueInstant === undefined ? undefined : readTime(this.response.issueInstant);
    return {
      refusal,
      checks: this.inOrder(refusal?.code),
      signatures: this.signatures.map((parts) => ({
        on: parts.parent.localName === "Response" ? "Response" : "Assertion",
        algorithm: parts.signatureMethod ?? null,
        digest: parts.digestMethod ?? null,
        certificate: parts.hint ?? null,
      })),
      shownCertificate: this.signatures.map(shownCertificate).find((shown) => shown !== null) ?? null,
      encrypted: this.encrypted,
      status: this.response?.status ?? [],
      clockOffsetSeconds: issued ? Math.round((issued.getTime() - now.getTime()) / secondMs) : null,
      facts: verdict.ok ? verdict.facts : null,
    };
  }

  private inOrder(refused: string | undefined): CheckLine[] {
    const all = [...ruleBook.structure, ...ruleBook.signature, ...ruleBook.profile];
    const seen = new Set<string>();
    const lines = all.flatMap(({ code, by }): CheckLine[] => {
      const key = `${by} ${code}`;
      if (seen.has(key)) return [];
      seen.add(key);
      return [this.lines.get(key) ?? { requirement: by, code, result: "skipped" }];
    });
    const isListed = refused === undefined || lines.some((line) => line.code === refused && line.result === "fail");
    return isListed ? lines : [{ requirement: authorityOf(refused), code: refused, result: "fail" }, ...lines];
  }
}

// What is no rule of a chapter: transport, pre-scan, the key that does not fit, what cannot be decrypted.
function authorityOf(code: string): string {
  if (code.startsWith("xml_")) return "SAML-31";
  if (code.startsWith("certificate_") || code.startsWith("signature_")) return "SAML-33";
  return code.startsWith("decryption_") || code.startsWith("encryption_") ? "SAML-36" : "SAML-24";
}

function shownCertificate({ element }: SignatureParts): ShownCertificate | null {
  const holder = [...descendants(element)].find((e) => is(e, ns.ds, "X509Certificate"));
  const der = strictBase64((holder && textOf(holder))?.replace(/\s/g, "") ?? "");
  if (!der) return null;
  try {
    const certificate = new X509Certificate(der);
    return {
      sha256: certificate.fingerprint256.replaceAll(":", "").toLowerCase(),
      subject: certificate.subject.replaceAll("\n", ", ").slice(0, 300),
      validTo: certificate.validTo,
      pem: certificate.toString(),
    };
  } catch {
    return null;
  }
}
