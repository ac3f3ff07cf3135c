import { deflateRawSync } from "node:zlib";
import type { SamlCode } from "../../services/saml/codes";
import {
  logoutBook,
  verifyLogout,
  type LogoutArrival,
  type LogoutBook,
  type LogoutVerdict,
} from "../../services/saml/logout/verify";
import { opens } from "../support/attacks/encryption";
import {
  byPost,
  byRedirect,
  logoutRequest,
  logoutResponse,
  redirectQuery,
  signedRequest,
  signedResponse,
  sloOf,
} from "../support/logout-kit";
import {
  alg,
  assertion,
  at,
  encrypted,
  login,
  operate,
  sign,
  statusOf,
  trustOf,
  type Scene,
} from "../support/saml-kit";
import { makeScene } from "../support/saml-scene";

let scene: Scene;

beforeAll(async () => {
  scene = await makeScene();
});

const judge = (arrival: LogoutArrival, more = {}, book: LogoutBook = logoutBook): LogoutVerdict =>
  verifyLogout(arrival, { trust: trustOf(scene, more), sloUrl: sloOf(scene) }, scene.now, book);
const codeOf = (verdict: LogoutVerdict) => (verdict.ok ? "accepted" : verdict.refusal.code);
const request = (query: string) => byRedirect(query);

test("SAML-91, SAML-92: a signed redirect request is read with its name, its sessions and its RelayState", () => {
  const query = redirectQuery(scene, "SAMLRequest", logoutRequest(scene, { sessionIndexes: ["_s1", "_s2"] }), {
    relayState: "back 1!",
  });

  expect(judge(request(query))).toEqual({
    ok: true,
    facts: {
      kind: "request",
      id: expect.stringMatching(/^_lr/),
      nameId: {
        value: "alice-7f3a",
        format: "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent",
        nameQualifier: null,
        spNameQualifier: null,
      },
      sessionIndexes: ["_s1", "_s2"],
      replayableUntil: new Date(at(scene, 900)),
      relayState: "back 1!",
    },
  });
});

test.each([alg.rsaSha256, "http://www.w3.org/2001/04/xmldsig-more#rsa-sha384", alg.rsaSha512])(
  "SAML-92: %s is taken",
  (sigAlg) => {
    expect(codeOf(judge(request(redirectQuery(scene, "SAMLRequest", logoutRequest(scene), { sigAlg }))))).toBe(
      "accepted",
    );
  },
);

test("SAML-92: parameters may stand in another order, and strangers beside them", () => {
  const parts = redirectQuery(scene, "SAMLRequest", logoutRequest(scene), { relayState: "x" }).split("&");

  expect(codeOf(judge(request([...parts].reverse().join("&"))))).toBe("accepted");
  expect(codeOf(judge(request(`lang=fr&${parts.join("&")}&_=1`)))).toBe("accepted");
});

test("SAML-93: a signed posted request and response are read from what was signed", () => {
  expect(codeOf(judge(byPost(signedRequest(scene))))).toBe("accepted");
  expect(judge(byPost(signedResponse(scene), "SAMLResponse"))).toMatchObject({
    ok: true,
    facts: { kind: "response", inResponseTo: scene.requestId, complete: true },
  });
});

test("SAML-90: a partial logout is told as such", () => {
  const partial = `<samlp:Status><samlp:StatusCode Value="${statusOf("Success")}"><samlp:StatusCode Value="${statusOf("PartialLogout")}"/></samlp:StatusCode></samlp:Status>`;

  expect(judge(byPost(signedResponse(scene, { statusXml: partial }), "SAMLResponse"))).toMatchObject({
    facts: { complete: false, status: [statusOf("Success"), statusOf("PartialLogout")] },
  });
  expect(judge(byPost(signedResponse(scene, { status: statusOf("Responder") }), "SAMLResponse"))).toMatchObject({
    facts: { complete: false },
  });
});

test("SAML-93, SAML-36: an encrypted name is opened", () => {
  const nameXml = encrypted(
    scene.foreignKeys,
    '<saml:NameID xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion">alice-7f3a</saml:NameID>',
  ).replaceAll("EncryptedAssertion", "EncryptedID");

  expect(judge(byPost(signedRequest(scene, { nameXml })), opens(scene.foreignKeys))).toMatchObject({
    facts: { nameId: { value: "alice-7f3a" } },
  });
  expect(codeOf(judge(byPost(signedRequest(scene, { nameXml }))))).toBe("decryption_failed");
  const other = encrypted(scene.foreignKeys, "<NameID>alice-7f3a</NameID>").replaceAll(
    "EncryptedAssertion",
    "EncryptedID",
  );
  expect(codeOf(judge(byPost(signedRequest(scene, { nameXml: other })), opens(scene.foreignKeys)))).toBe(
    "name_id_invalid",
  );
});

interface Refused {
  readonly id: string;
  readonly name: string;
  readonly code: SamlCode;
  readonly build: () => LogoutArrival;
}

const asked = (id: string, name: string, code: SamlCode, build: () => LogoutArrival): Refused => ({
  id,
  name,
  code,
  build,
});
const redirected = (xml: string, o = {}) => request(redirectQuery(scene, "SAMLRequest", xml, o));
const forged = () =>
  encodeURIComponent(deflateRawSync(Buffer.from(logoutRequest(scene, { nameId: "ceo" }))).toString("base64"));
const captured = () => redirectQuery(scene, "SAMLResponse", logoutResponse(scene));

const refused: readonly Refused[] = [
  asked("SAML-A70", "unsigned redirect", "signature_missing", () =>
    redirected(logoutRequest(scene), { unsigned: true }),
  ),
  asked("SAML-A70", "unsigned post", "signature_missing", () => byPost(logoutRequest(scene))),
  asked("SAML-A70", "signed by a stranger", "signature_invalid", () =>
    redirected(logoutRequest(scene), { keys: scene.foreignKeys }),
  ),
  asked("SAML-A70", "posted, signed by a stranger", "signature_invalid", () =>
    byPost(signedRequest(scene, {}, scene.foreignKeys)),
  ),
  asked("SAML-A70", "signature of another message", "signature_invalid", () => {
    const other = redirectQuery(scene, "SAMLRequest", logoutRequest(scene, { nameId: "bob" }));
    return request(
      redirectQuery(scene, "SAMLRequest", logoutRequest(scene), { unsigned: true }) +
        other.slice(other.indexOf("&SigAlg")),
    );
  }),
  asked("SAML-A71", "a second message under an encoded name", "query_ambiguous", () =>
    request(`${captured()}&%53AMLRequest=${forged()}`),
  ),
  asked("SAML-A71", "encoded name first", "query_ambiguous", () => request(`%53AMLRequest=${forged()}&${captured()}`)),
  asked("SAML-A71", "both types", "query_ambiguous", () => request(`${captured()}&SAMLRequest=${forged()}`)),
  asked("SAML-A71", "the message twice", "query_ambiguous", () =>
    request(`${redirectQuery(scene, "SAMLRequest", logoutRequest(scene))}&SAMLRequest=${forged()}`),
  ),
  asked("SAML-A71", "another case", "query_ambiguous", () => request(`${captured()}&samlrequest=${forged()}`)),
  asked("SAML-A71", "the signature twice", "query_ambiguous", () => request(`${captured()}&Signature=x`)),
  asked("SAML-A71", "a RelayState twice", "query_ambiguous", () =>
    request(`${redirectQuery(scene, "SAMLRequest", logoutRequest(scene), { relayState: "a" })}&RelayState=b`),
  ),
  asked("SAML-A71", "only a name that ends alike", "response_missing", () =>
    request(captured().replace("SAMLResponse=", "xSAMLResponse=")),
  ),
  asked("SAML-A71", "signed in another order", "signature_invalid", () => {
    const query = redirectQuery(scene, "SAMLRequest", logoutRequest(scene), { relayState: "x" });
    return request(query.replace("&RelayState=x", "").replace("&SigAlg", "&RelayState=y&SigAlg"));
  }),
  asked("SAML-A71", "a RelayState that was not signed", "signature_invalid", () =>
    request(`${redirectQuery(scene, "SAMLRequest", logoutRequest(scene))}&RelayState=x`),
  ),
  asked("SAML-A71", "a broken escape", "query_ambiguous", () => request(`${captured()}&x=%zz`)),
  asked("SAML-A71", "another encoding", "query_ambiguous", () => request(`${captured()}&SAMLEncoding=urn:x`)),
  ...[
    "http://www.w3.org/2001/04/xmldsig-more#rsa-md5",
    alg.rsaSha1,
    "sha224",
    "http://www.w3.org/2000/09/xmldsig#dsa-sha1",
    "",
  ].map((sigAlg) =>
    asked("SAML-A72", `SigAlg ${sigAlg || "empty"}`, "signature_algorithm", () =>
      redirected(logoutRequest(scene), { sigAlg, hash: sigAlg === alg.rsaSha1 ? "sha1" : "sha256" }),
    ),
  ),
  asked("SAML-A73", "a captured signed assertion inside", "assertion_misplaced", () =>
    byPost(logoutRequest(scene, { extra: sign(scene, assertion(scene), "Assertion") })),
  ),
  asked("SAML-A73", "the assertion bears the same ID", "assertion_misplaced", () =>
    byPost(logoutRequest(scene, { id: "_same", extra: sign(scene, assertion(scene, { id: "_same" }), "Assertion") })),
  ),
  asked("SAML-A73", "its signature moved up", "signature_reference", () =>
    byPost(operate(sign(scene, logoutRequest(scene), "LogoutRequest"), (root) => root.setAttribute("ID", "_forged"))),
  ),
  asked("SAML-A73", "a signed login response as logout request", "message_unexpected", () =>
    byPost(login(scene, { signed: "response" })),
  ),
  asked("SAML-A73", "a login response by redirect", "message_unexpected", () =>
    request(redirectQuery(scene, "SAMLResponse", login(scene))),
  ),
  asked("SAML-A74", "expired", "logout_expired", () =>
    redirected(logoutRequest(scene, { notOnOrAfter: at(scene, -60) })),
  ),
  asked("SAML-A74", "issued an hour ago", "issued_too_long_ago", () =>
    redirected(logoutRequest(scene, { issueInstant: at(scene, -3_600) })),
  ),
  asked("SAML-A74", "issued in an hour", "issued_in_future", () =>
    redirected(logoutRequest(scene, { issueInstant: at(scene, 3_600) })),
  ),
  asked("SAML-A74", "an odd time", "time_invalid", () => redirected(logoutRequest(scene, { issueInstant: "2099" }))),
  asked("SAML-A74", "an odd end", "time_invalid", () => redirected(logoutRequest(scene, { notOnOrAfter: "never" }))),
  asked("SAML-A74", "no time", "time_invalid", () => redirected(logoutRequest(scene, { issueInstant: null }))),
  asked("SAML-A74", "another destination", "destination_mismatch", () =>
    redirected(logoutRequest(scene, { destination: scene.acsUrl })),
  ),
  asked("SAML-A74", "no destination", "destination_missing", () =>
    redirected(logoutRequest(scene, { destination: null })),
  ),
  asked("SAML-A74", "another issuer", "issuer_mismatch", () =>
    redirected(logoutRequest(scene, { issuer: "https://evil.example" })),
  ),
  asked("SAML-A74", "no issuer", "issuer_mismatch", () => redirected(logoutRequest(scene, { issuer: null }))),
  asked("SAML-A74", "version 1.1", "version_unsupported", () => redirected(logoutRequest(scene, { version: "1.1" }))),
  asked("SAML-A75", "unsigned response", "signature_missing", () => byPost(logoutResponse(scene), "SAMLResponse")),
  asked("SAML-A75", "unsigned response by redirect", "signature_missing", () =>
    request(redirectQuery(scene, "SAMLResponse", logoutResponse(scene), { unsigned: true })),
  ),
  asked("SAML-A75", "no InResponseTo", "in_response_to_missing", () =>
    byPost(signedResponse(scene, { inResponseTo: null }), "SAMLResponse"),
  ),
  asked("SAML-A75", "another destination", "destination_mismatch", () =>
    byPost(signedResponse(scene, { destination: "https://evil.example" }), "SAMLResponse"),
  ),
  asked("SAML-A75", "another issuer", "issuer_mismatch", () =>
    byPost(signedResponse(scene, { issuer: "https://evil.example" }), "SAMLResponse"),
  ),
  asked("SAML-A76", "characters hidden in a processing instruction", "xml_processing_instruction", () =>
    byPost(
      signedRequest(scene, { nameId: "ceo@acme.testers.example" }).replace(
        "ceo@acme.testers.example",
        "ceo@acme.test<?p ers.example?>",
      ),
    ),
  ),
  asked("SAML-A76", "a comment in the name", "xml_comment", () =>
    byPost(signedRequest(scene).replace("alice-7f3a", "alice<!---->-7f3a")),
  ),
  asked("SAML-A76", "a name changed after signing", "signature_invalid", () =>
    byPost(signedRequest(scene).replace("alice-7f3a", "ceo")),
  ),
  asked("SAML-A46", "64 KiB that inflate to 64 MiB", "inflate_failed", () =>
    redirected("x", { compress: () => deflateRawSync(Buffer.alloc(64 * 1024 * 1024), { level: 9 }) }),
  ),
  asked("SAML-A46", "one octet more than may be", "inflate_failed", () =>
    redirected("x", { compress: () => deflateRawSync(Buffer.alloc(64 * 1024 + 1, "a")) }),
  ),
  asked("SAML-92", "not compressed at all", "inflate_failed", () =>
    redirected("x", { compress: (xml: string) => Buffer.from(`\xff${xml}`, "latin1") }),
  ),
  asked("SAML-91", "nobody named", "name_id_missing", () => redirected(logoutRequest(scene, { nameId: null }))),
  asked("SAML-91", "two names", "name_id_repeated", () =>
    redirected(logoutRequest(scene, { nameXml: "<saml:NameID>a</saml:NameID><saml:NameID>b</saml:NameID>" })),
  ),
  asked("SAML-91", "an element in the name", "name_id_invalid", () =>
    redirected(logoutRequest(scene, { nameXml: "<saml:NameID>a<b/></saml:NameID>" })),
  ),
  asked("SAML-91", "an element in the session index", "name_id_invalid", () =>
    redirected(
      logoutRequest(scene).replace(
        "</samlp:LogoutRequest>",
        "<samlp:SessionIndex><b/></samlp:SessionIndex></samlp:LogoutRequest>",
      ),
    ),
  ),
  asked("SAML-91", "a hundred and one sessions", "attributes_too_many", () =>
    redirected(logoutRequest(scene, { sessionIndexes: Array.from({ length: 101 }, (_, i) => `s${i}`) })),
  ),
];

test.each(refused.map((one) => [one.id, one.name, one] as const))(
  "%s: %s is refused",
  (_id, _name, { build, code }) => {
    expect(codeOf(judge(build()))).toBe(code);
  },
);

test("SAML-92: the message is base64 of nothing else", () => {
  const good = redirectQuery(scene, "SAMLRequest", logoutRequest(scene));
  expect(codeOf(judge(request(good)))).toBe("accepted");
  for (const query of ["", "&&", "SAMLRequest", "SigAlg=x&Signature=y"]) {
    expect([query, codeOf(judge(request(query)))]).toEqual([
      query,
      query === "SAMLRequest" ? "signature_missing" : "response_missing",
    ]);
  }
});

test("SAML-A46: the bomb costs neither time nor memory", () => {
  const query = redirectQuery(scene, "SAMLRequest", "x", {
    compress: () => deflateRawSync(Buffer.alloc(64 * 1024 * 1024), { level: 9 }),
  });
  global.gc?.();
  const before = process.memoryUsage().rss;
  const start = performance.now();

  expect(codeOf(judge(request(query)))).toBe("inflate_failed");

  expect(performance.now() - start).toBeLessThan(50);
  expect(process.memoryUsage().rss - before).toBeLessThan(5 * 1024 * 1024);
});

test("SAML-A83, SAML-A105: without a live certificate nothing is believed", () => {
  const query = redirectQuery(scene, "SAMLRequest", logoutRequest(scene));

  expect(codeOf(judge(request(query), { certificates: [] }))).toBe("certificate_missing");
});

// A rule whose absence nobody notices is either dead or untested.
test.each(logoutBook.logout.map((rule, index) => [rule.by, rule.code, index] as const))(
  "%s %s: without this rule a case turns red",
  (_by, code, index) => {
    const book = { ...logoutBook, logout: logoutBook.logout.filter((_, i) => i !== index) };
    const answer = ({ build }: Refused): string => {
      try {
        return codeOf(judge(build(), {}, book));
      } catch (error) {
        return `fault: ${String(error)}`;
      }
    };

    const red = refused.filter((one) => one.code === code).find((one) => answer(one) !== code);

    expect(red).toMatchObject({ code });
  },
);
