import type { SamlCode } from "../../../services/saml/codes";
import type { Expectation, Trust } from "../../../services/saml/trust";
import type { Scene } from "../saml-kit";

/** One way to build the attack, and the code under which it has to be refused. */
export interface Variant {
  readonly build: (scene: Scene) => string;
  readonly code: SamlCode;
  /** The built text is the form field itself and not XML to be encoded. */
  readonly isField?: boolean;
}

/** One row of the catalogue in section N of the specification. */
export interface Attack {
  readonly id: string;
  readonly what: string;
  /** A response that must pass under the same settings; without it a verifier that refuses everything would look safe. */
  readonly good: (scene: Scene) => string;
  readonly trust?: (scene: Scene) => Partial<Trust>;
  readonly expectation?: Expectation;
  readonly variants: Readonly<Record<string, Variant>>;
}

/** A variant that is refused under `code`. */
export const refused = (code: SamlCode, build: (scene: Scene) => string): Variant => ({ code, build });
