import type { Finding, Rule } from "./codes";
import type { ReadAssertion, ReadNameId } from "./read";

/** The part of a reading that tells about the person. */
interface AboutPerson {
  readonly assertion: ReadAssertion;
}

export const transientFormat = "urn:oasis:names:tc:SAML:2.0:nameid-format:transient";

const found = (received: string): Finding => ({ received: received.slice(0, 300) });

// Control characters, and the invisible and bidirectional ones that make two names look alike (SAML-51, SAML-A24).
const unseen = /[\u0000-\u001f\u007f-\u009f\u00ad\u180e\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]/;

/** The identity key of a NameID: trimmed and NFC. Everything else that looks different is different. */
export function nameIdKey(nameId: ReadNameId): string | undefined {
  return nameId.value?.trim().normalize("NFC");
}

/** The rules of SAML-51. */
export const nameIdRules: readonly Rule<AboutPerson>[] = [
  {
    code: "name_id_missing",
    by: "SAML-51",
    broken: ({ assertion }) => (assertion.nameIds.length === 0 ? found("(absent)") : undefined),
  },
  {
    code: "name_id_repeated",
    by: "SAML-51",
    broken: ({ assertion }) => (assertion.nameIds.length > 1 ? found(String(assertion.nameIds.length)) : undefined),
  },
  {
    code: "name_id_invalid",
    by: "SAML-51",
    broken: ({ assertion }) => {
      const [nameId] = assertion.nameIds;
      if (!nameId) return undefined;
      const key = nameIdKey(nameId) ?? "";
      return key === "" || key.length > 256 || unseen.test(key) ? found(JSON.stringify(key)) : undefined;
    },
  },
];

const namesMax = 200;
const valuesMax = 1_000;
const valueLengthMax = 4_096;

/** The rules of SAML-52. */
export const attributeRules: readonly Rule<AboutPerson>[] = [
  {
    code: "attributes_too_many",
    by: "SAML-52",
    broken: ({ assertion: { attributes } }) => {
      const values = attributes.reduce((sum, attribute) => sum + attribute.values.length, 0);
      return attributes.length > namesMax || values > valuesMax
        ? found(`${attributes.length} names, ${values} values`)
        : undefined;
    },
  },
  {
    code: "attribute_invalid",
    by: "SAML-52",
    broken: ({ assertion: { attributes } }) => {
      const bad = attributes.find(
        ({ name, values }) =>
          name === undefined ||
          name.trim() === "" ||
          name.length > 512 ||
          values.some((value) => value === undefined || value.length > valueLengthMax),
      );
      return bad && found(bad.name ?? "(an attribute without a name)");
    },
  },
];
