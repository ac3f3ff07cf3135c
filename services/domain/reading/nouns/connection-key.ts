import { id, instant, number, text, word } from "../columns";
import type { List, Noun } from "../noun";

/** A certificate by whose key an identity provider's answers are checked. */
export const idpCertificate: Noun = {
  name: "IdpCertificate",
  key: (row) => `${row}.id`,
  members: {
    id: id("idpCertificate"),
    status: word("status"),
    sha256: word((c) => `encode(${c}.sha256, 'hex')`),
    subject: text("subject"),
    keyType: text("key_type"),
    keyBits: number("key_bits"),
    validFrom: instant((c) => `lower(${c}.valid)`),
    validTo: instant((c) => `upper(${c}.valid)`),
    pem: text("pem"),
    absentSince: instant("absent_since"),
    createdAt: instant("created_at"),
    connection: {
      kind: "one",
      noun: "IdentityConnection",
      join: (to, c) => `identity_connection ${to} on ${to}.org_id = $1 and ${to}.id = ${c}.connection_id`,
    },
  },
};

/** A key of our own: its certificate, never its private half. */
export const spKey: Noun = {
  name: "SpKey",
  key: (row) => `${row}.id`,
  members: {
    id: id("spKey"),
    use: word("use"),
    status: word("status"),
    certificate: text("certificate"),
    validFrom: instant((k) => `lower(${k}.valid)`),
    validTo: instant((k) => `upper(${k}.valid)`),
    createdAt: instant("created_at"),
    connection: {
      kind: "one",
      noun: "IdentityConnection",
      join: (to, k) => `identity_connection ${to} on ${to}.org_id = $1 and ${to}.id = ${k}.connection_id`,
    },
  },
};

const ofConnection = (table: string, c: string) => (to: string) =>
  `${table} ${to} where ${to}.org_id = $1 and ${to}.connection_id = ${c}.id`;

/** Five live ones at most, and those before them (SAML-09). */
export const certificatesOfConnection: List = {
  kind: "list",
  noun: "IdpCertificate",
  from: (to, c) => ofConnection("idp_certificate", c)(to),
  orderBy: (to) => `${to}.created_at, ${to}.id`,
};

/** Ten that are kept at most, and those before them (SAML-15). */
export const keysOfConnection: List = {
  kind: "list",
  noun: "SpKey",
  from: (to, c) => ofConnection("sp_key", c)(to),
  orderBy: (to) => `${to}.created_at, ${to}.id`,
};
