import {
  assertion,
  cut,
  ds,
  encrypted,
  evil,
  freshId,
  login,
  operate,
  pick,
  response,
  samlNs,
  samlpNs,
  sign,
  signatureIn,
  statusOf,
  type Scene,
} from "../saml-kit";
import { refused, type Attack } from "./attack";

const samlp = "urn:oasis:names:tc:SAML:2.0:protocol";
const byAssertion = (scene: Scene) => login(scene);
const byResponse = (scene: Scene) => login(scene, { signed: "response" });

/** Turns the message's own root into the attacker's: new id, other names. */
function corrupt(element: Element): void {
  const copy = evil(element);
  while (element.firstChild) element.removeChild(element.firstChild);
  element.setAttribute("ID", copy.getAttribute("ID") ?? "");
  while (copy.firstChild) element.appendChild(copy.firstChild);
}

const withoutSignature = (element: Element): Element => {
  const copy = element.cloneNode(true) as Element;
  cut(signatureIn(copy));
  return copy;
};

const extensions = (document: Document): Element => document.createElementNS(samlp, "samlp:Extensions");
const decision = (inner: string): string => `<samlp:Extensions>${inner}</samlp:Extensions>`;

const logoutResponse = (scene: Scene): string =>
  `<samlp:LogoutResponse ${samlpNs} ${samlNs} ID="${freshId("_l")}" Version="2.0" IssueInstant="${scene.now.toISOString()}"><saml:Issuer>${scene.idpEntityId}</saml:Issuer><samlp:Status><samlp:StatusCode Value="${statusOf("Success")}"/></samlp:Status></samlp:LogoutResponse>`;

/** Signature wrapping: the verifier looks at one element, the reader at another. */
export const wrapping: readonly Attack[] = [
  {
    id: "SAML-A01",
    what: "XSW1, the signed Response inside the Signature of the forged one",
    good: byResponse,
    variants: {
      "inside Signature": refused("assertion_misplaced", (scene) =>
        operate(byResponse(scene), (root) => {
          const original = withoutSignature(root);
          corrupt(root);
          signatureIn(root).appendChild(original);
        }),
      ),
    },
  },
  {
    id: "SAML-A02",
    what: "XSW2, the signed Response beside the Signature",
    good: byResponse,
    variants: {
      "before Signature": refused("assertion_misplaced", (scene) =>
        operate(byResponse(scene), (root) => {
          const original = withoutSignature(root);
          corrupt(root);
          root.insertBefore(original, signatureIn(root));
        }),
      ),
    },
  },
  {
    id: "SAML-A03",
    what: "XSW3, a forged assertion before the signed one",
    good: byAssertion,
    variants: Object.fromEntries(
      ["assertion", "response", "both"].map((signed) => [
        `${signed} signed`,
        refused("assertion_repeated", (scene) =>
          operate(login(scene, { signed: signed as "both" }), (root) => {
            const original = pick(root, "Assertion");
            const forged = evil(original);
            for (const signature of Array.from(forged.getElementsByTagNameNS(ds, "Signature"))) cut(signature);
            root.insertBefore(forged, original);
          }),
        ),
      ]),
    ),
  },
  {
    id: "SAML-A04",
    what: "XSW4, a forged assertion around the signed one",
    good: byAssertion,
    variants: {
      around: refused("assertion_misplaced", (scene) =>
        operate(byAssertion(scene), (root) => {
          const original = pick(root, "Assertion");
          const forged = evil(withoutSignature(original));
          root.replaceChild(forged, original);
          forged.appendChild(original);
        }),
      ),
    },
  },
  {
    id: "SAML-A05",
    what: "XSW5, the forged assertion keeps the Signature, the original is appended",
    good: byAssertion,
    variants: {
      appended: refused("assertion_repeated", (scene) =>
        operate(byAssertion(scene), (root) => {
          const original = pick(root, "Assertion");
          const clean = withoutSignature(original);
          corrupt(original);
          root.appendChild(clean);
        }),
      ),
      "in a foreign element": refused("assertion_misplaced", (scene) =>
        operate(byAssertion(scene), (root, document) => {
          const original = pick(root, "Assertion");
          const clean = withoutSignature(original);
          corrupt(original);
          root.appendChild(document.createElementNS("urn:x", "x:box")).appendChild(clean);
        }),
      ),
    },
  },
  {
    id: "SAML-A06",
    what: "XSW6, the original inside the forged assertion's Signature",
    good: byAssertion,
    variants: {
      inside: refused("assertion_misplaced", (scene) =>
        operate(byAssertion(scene), (root) => {
          const original = pick(root, "Assertion");
          const clean = withoutSignature(original);
          corrupt(original);
          signatureIn(original).appendChild(clean);
        }),
      ),
    },
  },
  {
    id: "SAML-A07",
    what: "XSW7, one of the two assertions in samlp:Extensions",
    good: byAssertion,
    variants: {
      "forged one there, same ID": refused("assertion_misplaced", (scene) =>
        operate(byAssertion(scene), (root, document) => {
          const original = pick(root, "Assertion");
          const box = root.insertBefore(extensions(document), pick(root, "Status"));
          box.appendChild(evil(withoutSignature(original), original.getAttribute("ID")));
        }),
      ),
      "original there, forged in place": refused("assertion_misplaced", (scene) =>
        operate(byAssertion(scene), (root, document) => {
          const original = pick(root, "Assertion");
          const forged = evil(withoutSignature(original), original.getAttribute("ID"));
          root.replaceChild(forged, original);
          root.insertBefore(extensions(document), pick(root, "Status")).appendChild(original);
        }),
      ),
    },
  },
  {
    id: "SAML-A08",
    what: "XSW8, the original in a ds:Object of the forged assertion's Signature",
    good: byAssertion,
    variants: {
      object: refused("assertion_misplaced", (scene) =>
        operate(byAssertion(scene), (root, document) => {
          const original = pick(root, "Assertion");
          const clean = withoutSignature(original);
          corrupt(original);
          signatureIn(original).appendChild(document.createElementNS(ds, "ds:Object")).appendChild(clean);
        }),
      ),
      "an Object without assertion": refused("signature_shape", (scene) =>
        operate(byAssertion(scene), (root, document) => {
          signatureIn(pick(root, "Assertion")).appendChild(document.createElementNS(ds, "ds:Object"));
        }),
      ),
    },
  },
  {
    id: "SAML-A09",
    what: "a foreign object with a genuine signature inside an unsigned forged Response",
    good: byAssertion,
    variants: {
      "signed LogoutResponse in Extensions": refused("signature_misplaced", (scene) =>
        response(scene, assertion(scene, { nameId: "ceo@acme.example" }), {
          extensions: decision(sign(scene, logoutResponse(scene), "LogoutResponse")),
        }),
      ),
      "LogoutResponse in Extensions of a signed Response": refused("extensions_content", (scene) =>
        login(scene, { signed: "response", response: { extensions: decision(logoutResponse(scene)) } }),
      ),
      "signed metadata in Extensions": refused("signature_misplaced", (scene) => {
        const metadata = sign(
          scene,
          `<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" ID="${freshId("_m")}" entityID="${scene.idpEntityId}"></md:EntityDescriptor>`,
          "EntityDescriptor",
        );
        return response(scene, assertion(scene, { nameId: "ceo@acme.example" }), { extensions: decision(metadata) });
      }),
      "another signed assertion in Advice": refused("assertion_misplaced", (scene) =>
        response(
          scene,
          assertion(scene, {
            nameId: "ceo@acme.example",
            extra: `<saml:Advice>${sign(scene, assertion(scene), "Assertion")}</saml:Advice>`,
          }),
        ),
      ),
    },
  },
  {
    id: "SAML-A10",
    what: "a genuine signed error Response with a decoy Signature that carries a forged assertion",
    good: byResponse,
    variants: {
      decoy: refused("assertion_misplaced", (scene) => {
        const genuine = sign(scene, response(scene, "", { status: statusOf("Responder") }), "Response");
        return operate(genuine, (root, document) => {
          const decoy = signatureIn(root).cloneNode(true) as Element;
          const object = decoy.appendChild(document.createElementNS(ds, "ds:Object"));
          operate(assertion(scene, { nameId: "ceo@acme.example" }), (forged) =>
            object.appendChild(document.importNode(forged, true)),
          );
          root.appendChild(decoy);
        });
      }),
      "two signatures on one Response": refused("signature_repeated", (scene) =>
        operate(byResponse(scene), (root) => {
          root.appendChild(signatureIn(root).cloneNode(true));
        }),
      ),
    },
  },
  {
    id: "SAML-A11",
    what: "two assertions, each with a valid signature",
    good: byAssertion,
    variants: {
      "both signed": refused("assertion_repeated", (scene) => {
        const one = sign(scene, assertion(scene), "Assertion");
        const two = sign(scene, assertion(scene, { nameId: "bob" }), "Assertion");
        return response(scene, one + two);
      }),
      "signed and encrypted": refused("assertion_repeated", (scene) =>
        response(scene, sign(scene, assertion(scene), "Assertion") + encrypted(scene.keys, assertion(scene))),
      ),
      "both inside a signed Response": refused("assertion_repeated", (scene) =>
        sign(scene, response(scene, assertion(scene) + assertion(scene, { nameId: "bob" })), "Response"),
      ),
    },
  },
  {
    id: "SAML-A12",
    what: "a second element with the same ID",
    good: byAssertion,
    variants: Object.fromEntries(
      ["ID", "Id", "id", "xml:id"].map((name) => [
        name,
        refused("id_repeated", (scene) =>
          operate(byAssertion(scene), (root) => {
            const id = pick(root, "Assertion").getAttribute("ID") ?? "";
            if (name === "xml:id")
              pick(root, "Status").setAttributeNS("http://www.w3.org/XML/1998/namespace", name, id);
            else pick(root, "Status").setAttribute(name, id);
          }),
        ),
      ]),
    ),
  },
  {
    id: "SAML-A13",
    what: "a Reference that names nothing or everything",
    good: byAssertion,
    variants: {
      ...Object.fromEntries(
        ['URI=""', "", 'URI="#xpointer(/)"', 'URI="#other"', `URI="_without_hash"`].map((uri) => [
          uri || "absent",
          refused("signature_reference", (scene) => byAssertion(scene).replace(/URI="#[^"]*"/, uri)),
        ]),
      ),
      "an ID that breaks out of an XPath": refused("id_missing", (scene) =>
        byAssertion(scene).replaceAll(/_a[0-9a-f]{32}/g, "x' or '1'='1"),
      ),
    },
  },
  {
    id: "SAML-A14",
    what: "two References in one SignedInfo",
    good: byAssertion,
    variants: {
      duplicate: refused("signature_shape", (scene) =>
        operate(byAssertion(scene), (root) => {
          const reference = pick(root, "Reference");
          reference.parentNode?.appendChild(reference.cloneNode(true));
        }),
      ),
      "to another node": refused("signature_shape", (scene) =>
        operate(byAssertion(scene), (root) => {
          const second = pick(root, "Reference").cloneNode(true) as Element;
          second.setAttribute("URI", `#${root.getAttribute("ID") ?? ""}`);
          pick(root, "SignedInfo").appendChild(second);
        }),
      ),
    },
  },
  {
    id: "SAML-A15",
    what: "a second, prefixed ID attribute",
    good: byAssertion,
    variants: {
      "foreign namespace": refused("id_ambiguous", (scene) =>
        operate(byAssertion(scene), (root) => pick(root, "Assertion").setAttributeNS("urn:x", "x:ID", "_other")),
      ),
      "the protocol's own": refused("id_ambiguous", (scene) =>
        operate(byAssertion(scene), (root) => root.setAttributeNS(samlp, "samlp:ID", "_other")),
      ),
      "Id beside ID": refused("id_ambiguous", (scene) =>
        operate(byAssertion(scene), (root) => pick(root, "Assertion").setAttribute("Id", "_other")),
      ),
    },
  },
  {
    id: "SAML-A16",
    what: "a Signature that stands in one element and refers to another",
    good: byAssertion,
    variants: {
      "on the Response, to the Assertion": refused("signature_reference", (scene) =>
        operate(byAssertion(scene), (root) => {
          root.insertBefore(cut(signatureIn(pick(root, "Assertion"))), pick(root, "Status"));
        }),
      ),
      "on the Assertion, to the Response": refused("signature_reference", (scene) =>
        operate(byResponse(scene), (root) => {
          const original = pick(root, "Assertion");
          original.insertBefore(cut(signatureIn(root)), pick(original, "Subject"));
        }),
      ),
    },
  },
  {
    id: "SAML-A17",
    what: "two SignedInfo, one genuine and one forged",
    good: byAssertion,
    variants: Object.fromEntries(
      (["before", "after"] as const).map((where) => [
        where,
        refused("signature_shape", (scene) =>
          operate(byAssertion(scene), (root) => {
            const genuine = pick(root, "SignedInfo");
            const forged = genuine.cloneNode(true) as Element;
            pick(forged, "DigestValue").textContent = "AAAA";
            genuine.parentNode?.insertBefore(forged, where === "before" ? genuine : genuine.nextSibling);
          }),
        ),
      ]),
    ),
  },
  {
    id: "SAML-A18",
    what: "a forged SignedInfo inside KeyInfo or Object",
    good: byAssertion,
    variants: Object.fromEntries(
      ["KeyInfo", "Object"].map((home) => [
        home,
        refused("signature_shape", (scene) =>
          operate(byAssertion(scene), (root, document) => {
            const forged = pick(root, "SignedInfo").cloneNode(true) as Element;
            const signature = signatureIn(pick(root, "Assertion"));
            const box =
              home === "KeyInfo"
                ? pick(signature, "KeyInfo")
                : signature.appendChild(document.createElementNS(ds, "ds:Object"));
            box.appendChild(forged);
          }),
        ),
      ]),
    ),
  },
  {
    id: "SAML-A20",
    what: "a matching DigestValue somewhere else",
    good: byAssertion,
    variants: {
      Extensions: refused("extensions_content", (scene) =>
        byAssertion(scene)
          .replace("alice-7f3a", "ceo-0000")
          .replace(
            "<samlp:Status>",
            `<samlp:Extensions><ds:DigestValue xmlns:ds="${ds}">AAAA</ds:DigestValue></samlp:Extensions><samlp:Status>`,
          ),
      ),
      StatusDetail: refused("signature_shape", (scene) =>
        byAssertion(scene)
          .replace("alice-7f3a", "ceo-0000")
          .replace(
            "</samlp:Status>",
            `<samlp:StatusDetail><ds:DigestValue xmlns:ds="${ds}">AAAA</ds:DigestValue></samlp:StatusDetail></samlp:Status>`,
          ),
      ),
      "second one in the Reference": refused("signature_shape", (scene) =>
        operate(byAssertion(scene), (root) => {
          const value = pick(root, "DigestValue");
          value.parentNode?.appendChild(value.cloneNode(true));
        }),
      ),
      "plain tampering": refused("signature_invalid", (scene) => byAssertion(scene).replace("alice-7f3a", "ceo-0000")),
    },
  },
  {
    id: "SAML-A21",
    what: "the genuine Signature moved elsewhere",
    good: byAssertion,
    variants: {
      Status: refused("signature_misplaced", (scene) =>
        operate(byAssertion(scene), (root) =>
          pick(root, "Status").appendChild(cut(signatureIn(pick(root, "Assertion")))),
        ),
      ),
      Extensions: refused("signature_misplaced", (scene) =>
        operate(byAssertion(scene), (root, document) => {
          const box = root.insertBefore(extensions(document), pick(root, "Status"));
          box.appendChild(cut(signatureIn(pick(root, "Assertion"))));
        }),
      ),
      Advice: refused("signature_misplaced", (scene) =>
        operate(byAssertion(scene), (root, document) => {
          const original = pick(root, "Assertion");
          const advice = document.createElementNS("urn:oasis:names:tc:SAML:2.0:assertion", "saml:Advice");
          original.appendChild(advice).appendChild(cut(signatureIn(original)));
        }),
      ),
    },
  },
  {
    id: "SAML-A28",
    what: "SAML names in foreign namespaces",
    good: byAssertion,
    variants: {
      "Assertion elsewhere": refused("namespace_foreign", (scene) => {
        const foreign = assertion(scene).replace(samlNs, 'xmlns:saml="urn:foreign"');
        return sign(scene, response(scene, foreign).replace(/<\/saml:Issuer>/, "</saml:Issuer>"), "Assertion");
      }),
      "Response elsewhere": refused("message_unexpected", (scene) =>
        byAssertion(scene).replaceAll(samlp, "urn:foreign"),
      ),
      "prefix redefined inside": refused("namespace_foreign", (scene) =>
        byAssertion(scene).replace("<saml:Subject>", '<saml:Subject xmlns:saml="urn:foreign">'),
      ),
      "local names alike": refused("namespace_foreign", (scene) =>
        sign(
          scene,
          response(scene, assertion(scene, { extra: '<x:NameID xmlns:x="urn:x">ceo</x:NameID>' })),
          "Assertion",
        ),
      ),
    },
  },
  {
    id: "SAML-A35",
    what: "several roots, or something after the root",
    good: byAssertion,
    variants: {
      "genuine, forged": refused(
        "xml_content_outside_root",
        (scene) => byAssertion(scene) + response(scene, assertion(scene)),
      ),
      "forged, genuine": refused(
        "xml_content_outside_root",
        (scene) => response(scene, assertion(scene)) + byAssertion(scene),
      ),
      text: refused("xml_content_outside_root", (scene) => `${byAssertion(scene)}text`),
      comment: refused("xml_comment", (scene) => `${byAssertion(scene)}<!-- -->`),
      "text before": refused("xml_content_outside_root", (scene) => `text${byAssertion(scene)}`),
    },
  },
];
