import type { SamlCode } from "../../../services/saml/codes";
import type { Expectation, Trust } from "../../../services/saml/trust";
import type { Scene } from "../saml-kit";

/** What one case demands beyond the defaults of a connection. */
interface Circumstances {
  readonly trust?: (scene: Scene) => Partial<Trust>;
  readonly expectation?: Expectation;
}

/** One way to build the attack, and the code under which it has to be refused. */
export interface Variant extends Circumstances {
  readonly build: (scene: Scene) => string;
  readonly code: SamlCode;
  /** The built text is the form field itself and not XML to be encoded. */
  readonly isField?: boolean;
}

/** One row of the catalogue in section N of the specification. */
export interface Attack extends Circumstances {
  readonly id: string;
  readonly what: string;
  /** A response that must pass under the same settings: a verifier that refuses everything is not a safe one. */
  readonly good: (scene: Scene) => string;
  readonly variants: Readonly<Record<string, Variant>>;
  /** It tells asked from unasked; the others are tried both ways. */
  readonly isAboutRequests?: boolean;
}

/** A variant that is refused under `code`. */
export function refused(code: SamlCode, build: (scene: Scene) => string, more: Circumstances = {}): Variant {
  return { code, build, ...more };
}

/** The same, for a form field that is not simply base64 of XML. */
export function refusedField(code: SamlCode, build: (scene: Scene) => string): Variant {
  return { code, build, isField: true };
}

/** A policy that one variant is tried under. */
export const under = (trust: Partial<Trust>): Circumstances => ({ trust: () => trust });
