import { alg, at, encode, escape, login, type Scene } from "../saml-kit";
import { refused, refusedField, type Attack } from "./attack";

const good = (scene: Scene) => login(scene);
const inNameId = (scene: Scene, inside: string) => login(scene).replace("alice-7f3a", inside);
const doctype = (scene: Scene, definition: string) => `<!DOCTYPE r [${definition}]>${login(scene)}`;

/** Markup that two parsers read differently, and sizes that one cannot stand. */
export const markup: readonly Attack[] = [
  {
    id: "SAML-A19",
    what: "a comment in DigestValue",
    good,
    variants: {
      "forged digest in the comment": refused("xml_comment", (scene) =>
        login(scene).replace("<ds:DigestValue>", "<ds:DigestValue><!--forged-->"),
      ),
      "genuine digest in the comment": refused("xml_comment", (scene) =>
        login(scene)
          .replace("alice-7f3a", "ceo-0000")
          .replace(/<ds:DigestValue>([^<]*)</, "<ds:DigestValue>AAAA<!--$1--><"),
      ),
      "harmless, unchanged content": refused("xml_comment", (scene) =>
        login(scene).replace("</ds:DigestValue>", "<!----></ds:DigestValue>"),
      ),
    },
  },
  {
    id: "SAML-A22",
    what: "a comment that cuts the NameID",
    good,
    variants: {
      truncation: refused("xml_comment", (scene) =>
        login(scene, { assertion: { nameId: "ceo@acme.test.evil.test" } }).replace(
          "ceo@acme.test.",
          "ceo@acme.test<!---->.",
        ),
      ),
    },
  },
  {
    id: "SAML-A23",
    what: "a comment that was there at signing",
    good,
    variants: {
      "with comments": refused("xml_comment", (scene) =>
        login(scene, {
          canonicalization: alg.exclusiveWithComments,
          assertion: { nameIdXml: "<saml:NameID>ceo@acme.test<!-- x -->.evil.test</saml:NameID>" },
        }),
      ),
      "without comments": refused("xml_comment", (scene) =>
        login(scene, { assertion: { nameIdXml: "<saml:NameID>ceo@acme.test<!-- x -->.evil.test</saml:NameID>" } }),
      ),
    },
  },
  {
    id: "SAML-A25",
    what: "CDATA",
    good,
    variants: { "in NameID": refused("xml_cdata", (scene) => inNameId(scene, "alice<![CDATA[-]]>7f3a")) },
  },
  {
    id: "SAML-A26",
    what: "characters hidden in a processing instruction",
    good,
    variants: {
      NameID: refused("xml_processing_instruction", (scene) => inNameId(scene, "alice<?p -7f3a?>")),
      Audience: refused("xml_processing_instruction", (scene) =>
        login(scene).replace(scene.spEntityId, `${scene.spEntityId.slice(0, -2)}<?p ${scene.spEntityId.slice(-2)}?>`),
      ),
      Issuer: refused("xml_processing_instruction", (scene) =>
        login(scene).replace("</saml:Issuer>", "<?p x?></saml:Issuer>"),
      ),
      attribute: refused("xml_processing_instruction", (scene) =>
        login(scene).replace("alice@acme", "alice@<?p acme?>"),
      ),
      "before the root": refused("xml_processing_instruction", (scene) => `<?xml-stylesheet href="x"?>${login(scene)}`),
    },
  },
  {
    id: "SAML-A27",
    what: "DOCTYPE",
    good,
    variants: {
      harmless: refused("xml_doctype", (scene) => `<!DOCTYPE samlp:Response>${login(scene)}`),
      "entity in NameID": refused(
        "xml_doctype",
        (scene) => `<!DOCTYPE r [<!ENTITY e "ceo">]>${inNameId(scene, "&e;")}`,
      ),
      "attlist that defaults an ID": refused("xml_doctype", (scene) =>
        doctype(scene, '<!ATTLIST saml:NameID ID CDATA "_x">'),
      ),
      "undeclared entity": refused("xml_entity", (scene) => inNameId(scene, "&e;")),
    },
  },
  {
    id: "SAML-A36",
    what: "encodings",
    good,
    variants: {
      "UTF-16": refusedField("utf8_invalid", (scene) =>
        Buffer.from(`\ufeff${login(scene)}`, "utf16le").toString("base64"),
      ),
      "declared ISO-8859-1": refused(
        "xml_encoding",
        (scene) => `<?xml version="1.0" encoding="ISO-8859-1"?>${login(scene)}`,
      ),
      "declared UTF-16": refused("xml_encoding", (scene) => `<?xml version="1.0" encoding="UTF-16"?>${login(scene)}`),
      "XML 1.1": refused("xml_declaration", (scene) => `<?xml version="1.1"?>${login(scene)}`),
      "overlong UTF-8": refusedField("utf8_invalid", (scene) =>
        Buffer.concat([Buffer.from(login(scene)), Buffer.of(0xc0, 0xbc)]).toString("base64"),
      ),
      "base64 with garbage": refusedField("base64_invalid", (scene) => encode(login(scene)).replace(/(.{40})/, "$1*!")),
      "base64 with spaces": refusedField("base64_invalid", (scene) => encode(login(scene)).replace(/(.{40})/, "$1 ")),
      "base64 with stray bits": refusedField(
        "base64_invalid",
        (scene) => `${encode(`${login(scene)} `.padEnd(6_001)).slice(0, -3)}X==`,
      ),
      base64url: refusedField("base64_invalid", (scene) => `${Buffer.from(login(scene)).toString("base64url")}-_`),
      empty: refusedField("base64_invalid", () => ""),
      "not XML": refused("xml_content_outside_root", () => "hello"),
    },
  },
  {
    id: "SAML-A44",
    what: "external entities",
    good,
    variants: {
      file: refused(
        "xml_doctype",
        (scene) => `<!DOCTYPE r [<!ENTITY e SYSTEM "file:///etc/passwd">]>${inNameId(scene, "&e;")}`,
      ),
      "parameter entity": refused("xml_doctype", (scene) =>
        doctype(scene, '<!ENTITY % p SYSTEM "http://127.0.0.1:9/x"> %p;'),
      ),
      "external DTD": refused(
        "xml_doctype",
        (scene) => `<!DOCTYPE r SYSTEM "http://127.0.0.1:9/x.dtd">${login(scene)}`,
      ),
    },
  },
  {
    id: "SAML-A45",
    what: "entities that multiply",
    good,
    variants: {
      "billion laughs": refused("xml_doctype", (scene) => {
        const levels = Array.from({ length: 10 }, (_, i) => `<!ENTITY l${i + 1} "${`&l${i};`.repeat(10)}">`).join("");
        return `<!DOCTYPE r [<!ENTITY l0 "ha">${levels}]>${inNameId(scene, "&l10;")}`;
      }),
      "quadratic blow-up": refused(
        "xml_doctype",
        (scene) => `<!DOCTYPE r [<!ENTITY a "${"a".repeat(50_000)}">]>${inNameId(scene, "&a;".repeat(5_000))}`,
      ),
    },
  },
  {
    id: "SAML-A47",
    what: "too large",
    good,
    variants: {
      "10 MB": refusedField("message_too_large", () => "A".repeat(10 * 1024 * 1024)),
      "text of 65 KiB": refused("xml_text_too_long", (scene) =>
        login(scene, { assertion: { nameId: "a".repeat(65 * 1024 + 1) } }),
      ),
      "attribute of 65 KiB": refused("xml_attribute_too_long", (scene) =>
        login(scene, { response: { destination: "a".repeat(65 * 1024 + 1) } }),
      ),
    },
  },
  {
    id: "SAML-A48",
    what: "too deep",
    good,
    variants: {
      "10 000 levels": refused("xml_too_deep", () => "<a>".repeat(10_000) + "</a>".repeat(10_000)),
      "25 levels in an attribute": refused("xml_too_deep", (scene) =>
        login(scene).replace("Alice", `${"<a>".repeat(20)}${"</a>".repeat(20)}`),
      ),
    },
  },
  {
    id: "SAML-A49",
    what: "too wide",
    good,
    variants: {
      "17 000 siblings": refused("xml_too_many_elements", (scene) =>
        login(scene).replace("</samlp:Status>", `</samlp:Status>${"<a/>".repeat(17_000)}`),
      ),
      "5 000 attributes": refused(
        "xml_too_many_attributes",
        () => `<r ${Array.from({ length: 5_000 }, (_, i) => `a${i}=""`).join(" ")}/>`,
      ),
      "3 000 namespaces on one element": refused(
        "xml_too_many_namespaces",
        () => `<r ${Array.from({ length: 3_000 }, (_, i) => `xmlns:n${i}="u:n"`).join(" ")}/>`,
      ),
      "3 000 namespaces in all": refused(
        "xml_too_many_namespaces",
        () => `<r>${`<e ${Array.from({ length: 15 }, (_, i) => `xmlns:n${i}="u:n"`).join(" ")}/>`.repeat(200)}</r>`,
      ),
    },
  },
  {
    id: "SAML-A95",
    what: "markup in what is shown to people",
    good: (scene) => login(scene, { assertion: { attributes: [["note", [escape("<b>")]]] } }),
    variants: {
      "script in the Issuer": refused("response_issuer_mismatch", (scene) =>
        login(scene, { response: { issuer: "<script>alert(1)</script>" } }),
      ),
      "script in StatusMessage": refused("status_not_success", (scene) =>
        login(scene, {
          response: {
            statusXml: `<samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Responder"/><samlp:StatusMessage>${escape(`<img src=x onerror=alert(1)> ${at(scene, 0)}`)}</samlp:StatusMessage></samlp:Status>`,
          },
        }),
      ),
    },
  },
];
