import type { AssertionFacts } from "../domain/identity";
import { parseXml, XmlError } from "../kernel/xml/dom";
import { messageLimits, prescan } from "../kernel/xml/prescan";
import { profileRules } from "./checks";
import { statusSuccess } from "./checks-message";
import { firstBroken, SamlRefused, type Finding, type Refusal, type Rule, type SamlCode } from "./codes";
import { decrypt } from "./decrypt";
import { factsOf } from "./facts";
import { readAssertion, readResponse, type ReadResponse } from "./read";
import type { Reading } from "./reading";
import {
  readSignature,
  signatureRules,
  verifySignature,
  type Proven,
  type SignatureParts,
  type SignatureQuestion,
} from "./signature";
import { carriedAssertion, signatureOf, structureRules, survey, type Survey } from "./structure";
import type { Expectation, Trust, TrustedCertificate } from "./trust";

/** What the message claims to be, proven or not: for the audit trail and for counting failures, never for a decision. */
export interface Claimed {
  readonly responseId: string | null;
  readonly inResponseTo: string | null;
  readonly issuer: string | null;
  /** SHA-256 of the certificate that the signature shows. */
  readonly certificate: string | null;
}

export const nothingClaimed: Claimed = { responseId: null, inResponseTo: null, issuer: null, certificate: null };

/** All rules of the verifier. The mutation job hands in books with one rule torn out. */
export interface RuleBook {
  readonly prescan: boolean;
  readonly structure: readonly Rule<Survey>[];
  readonly signature: readonly Rule<SignatureQuestion>[];
  readonly profile: readonly Rule<Reading>[];
}

export const ruleBook: RuleBook = {
  prescan: true,
  structure: structureRules,
  signature: signatureRules,
  profile: profileRules,
};

function refuse(refusal: Refusal): never {
  throw new SamlRefused(refusal);
}

function demand(refusal: Refusal | undefined): void {
  if (refusal) refuse(refusal);
}

/** Hears what an examination asks and finds; for the report of a test run (SAML-96). */
export interface Witness {
  /** Every rule of a chapter with what is wrong, also those behind the first that is broken. */
  asked(chapter: Chapter, lines: readonly CheckedRule[]): void;
  saw(what: {
    readonly signatures: readonly SignatureParts[];
    readonly encrypted: boolean;
    readonly response: ReadResponse;
  }): void;
}

export type Chapter = "structure" | "signature" | "profile";

export interface CheckedRule {
  readonly code: SamlCode;
  readonly by: string;
  readonly finding: Finding | undefined;
}

/** One message under examination, from its text to the facts that it proves. */
export class Examination {
  claimed: Claimed = nothingClaimed;

  constructor(
    private readonly trust: Trust,
    private readonly expectation: Expectation,
    private readonly now: Date,
    private readonly book: RuleBook,
    private readonly witness?: Witness,
  ) {}

  examine(xml: string): AssertionFacts {
    const root = this.parse(xml);
    const message = survey("Response", root);
    this.ask("structure", this.book.structure, message);
    const unproven = readResponse(root);
    const assertion = carriedAssertion(message);
    const signatures = [root, assertion].flatMap((parent) => {
      const signature = parent && signatureOf(parent);
      return signature ? [readSignature(signature, parent)] : [];
    });
    this.claim(unproven, signatures);
    const encrypted = assertion?.localName === "EncryptedAssertion";
    this.witness?.saw({ signatures, encrypted, response: unproven });

    if (!assertion) return refuse(withoutAssertion(unproven));
    if (this.trust.encryptionRequired && !encrypted) refuse({ code: "encryption_required" });
    const proven = this.provenResponse(xml, root);
    const proof = encrypted
      ? this.open(proven?.assertion ?? assertion, proven !== undefined)
      : this.provenAssertion(xml, assertion, proven?.assertion);

    const reading: Reading = {
      response: proven ? readResponse(proven.root) : unproven,
      responseProven: proven !== undefined,
      assertion: readAssertion(proof.assertion),
      trust: this.trust,
      expectation: this.expectation,
      now: this.now,
    };
    this.ask("profile", this.book.profile, reading);
    return factsOf(reading, {
      signatures,
      certificate: proof.signer ?? proven?.signer ?? refuse({ code: "signature_missing" }),
      responseSigned: proven !== undefined,
      assertionSigned: proof.signer !== undefined,
      encrypted,
    });
  }

  private ask<Subject>(chapter: Chapter, rules: readonly Rule<Subject>[], subject: Subject): void {
    this.witness?.asked(
      chapter,
      rules.map(({ code, by, broken }) => ({ code, by, finding: broken(subject) })),
    );
    demand(firstBroken(rules, subject));
  }

  private parse(xml: string): Element {
    const code = this.book.prescan ? prescan(xml, messageLimits) : undefined;
    if (code) refuse({ code });
    try {
      return parseXml(xml);
    } catch (error) {
      if (error instanceof XmlError) refuse({ code: "xml_not_well_formed" });
      throw error;
    }
  }

  private claim(response: ReadResponse, signatures: readonly SignatureParts[]): void {
    this.claimed = {
      responseId: response.id?.slice(0, 256) ?? null,
      inResponseTo: response.inResponseTo?.slice(0, 256) ?? null,
      issuer: response.issuer?.value?.slice(0, 1_024) ?? null,
      certificate: signatures.map((signature) => signature.hint)[0] ?? null,
    };
  }

  private wants(part: "assertion" | "response"): boolean {
    return this.trust.signaturePolicy === part || this.trust.signaturePolicy === "both";
  }

  private verify(xml: string, signature: Element, parent: Element): Proven {
    const question = { parts: readSignature(signature, parent), trust: this.trust, now: this.now };
    this.ask("signature", this.book.signature, question);
    const outcome = verifySignature(xml, question);
    return outcome.refusal ? refuse(outcome.refusal) : outcome.proven;
  }

  /** A signature that is there must hold, whatever the policy; one that the policy wants must be there. */
  private provenResponse(xml: string, element: Element): ProvenResponse | undefined {
    const signature = signatureOf(element);
    if (!signature) {
      return this.wants("response") ? refuse({ code: "signature_missing", expected: "Response" }) : undefined;
    }
    const { xml: octets, certificate } = this.verify(xml, signature, element);
    const root = parseXml(octets);
    const message = survey("Response", root);
    this.ask("structure", this.book.structure, message);
    return { root, assertion: carriedAssertion(message) ?? refuse({ code: "assertion_missing" }), signer: certificate };
  }

  private provenAssertion(xml: string, element: Element, inProvenResponse: Element | undefined): Proof {
    if (inProvenResponse && !this.wants("assertion")) return { assertion: inProvenResponse };
    const signature = signatureOf(element) ?? refuse({ code: "signature_missing", expected: "Assertion" });
    const { xml: octets, certificate } = this.verify(xml, signature, element);
    const assertion = parseXml(octets);
    this.ask("structure", this.book.structure, survey("Assertion", assertion));
    return { assertion, signer: certificate };
  }

  private open(encrypted: Element, responseProven: boolean): Proof {
    const cbcAllowed = responseProven || this.trust.cbcUnsigned;
    const opened = decrypt(encrypted, { keys: this.trust.decryptionKeys, cbcAllowed });
    if (opened.refusal) return refuse(opened.refusal);
    try {
      const element = this.parse(opened.xml);
      this.ask("structure", this.book.structure, survey("Assertion", element));
      return this.provenAssertion(opened.xml, element, responseProven ? element : undefined);
    } catch (error) {
      // Until a signature is verified, what was found inside is nobody's business but the administrator's (SAML-A68).
      if (error instanceof SamlRefused && !responseProven) {
        refuse({ code: "decryption_failed", received: error.refusal.code });
      }
      throw error;
    }
  }
}

interface ProvenResponse {
  /** Root of the octets that the Response's signature covers, and the assertion in them. */
  readonly root: Element;
  readonly assertion: Element;
  readonly signer: TrustedCertificate;
}

interface Proof {
  readonly assertion: Element;
  /** Whose signature stands on the assertion itself, where that was verified. */
  readonly signer?: TrustedCertificate;
}

function withoutAssertion({ status }: ReadResponse): Refusal {
  if (status[0] === statusSuccess) return { code: "assertion_missing" };
  return { code: "status_not_success", expected: statusSuccess, received: status.join(" ") || "(absent)" };
}
