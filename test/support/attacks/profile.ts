import {
  at,
  assertion,
  attr,
  format,
  freshId,
  login,
  response,
  samlNs,
  samlpNs,
  sign,
  statusOf,
  unsolicited,
  type AssertionOptions,
  type ResponseOptions,
  type Scene,
} from "../saml-kit";
import { refused, under, type Attack, type Variant } from "./attack";
import type { SamlCode } from "../../../services/saml/codes";

const good = (scene: Scene) => login(scene);
type Of<T> = (scene: Scene) => T;

/** The assertion is changed before it is signed, so that only the profile rules can object. */
const claim = (code: SamlCode, o: Of<AssertionOptions>, more = {}): Variant =>
  refused(code, (scene) => login(scene, { assertion: o(scene) }), more);
/** The Response is changed and then signed. */
const around = (code: SamlCode, o: Of<ResponseOptions>, more = {}): Variant =>
  refused(code, (scene) => login(scene, { signed: "response", response: o(scene) }), more);

const method = (name: string) => `urn:oasis:names:tc:SAML:2.0:cm:${name}`;
const odd = [
  "2099",
  "1",
  "2026-03-02T09:05:00",
  "Mon, 02 Mar 2026 09:05:00 GMT",
  "9999-03-02T09:05:00Z",
  "1999-03-02T09:05:00Z",
  "2026-02-30T09:05:00Z",
  "2026-03-02 09:05:00Z",
  "",
];

/** What the signed assertion says: every one of these is validly signed by the right identity provider. */
export const profile: readonly Attack[] = [
  {
    id: "SAML-A24",
    what: "odd shapes of NameID",
    good: (scene) => login(scene, { assertion: { nameId: "  alice-7f3a\n" } }),
    variants: {
      "child element": claim("name_id_invalid", () => ({ nameIdXml: "<saml:NameID>alice<b>x</b></saml:NameID>" })),
      "newline inside": claim("name_id_invalid", () => ({ nameId: "alice\n7f3a" })),
      "zero width": claim("name_id_invalid", () => ({ nameId: "alice\u200b7f3a" })),
      "right-to-left override": claim("name_id_invalid", () => ({ nameId: "alice\u202e7f3a" })),
      empty: claim("name_id_invalid", () => ({ nameId: "   " })),
      "257 characters": claim("name_id_invalid", () => ({ nameId: "a".repeat(257) })),
      "two of them": claim("name_id_repeated", () => ({
        nameIdXml: "<saml:NameID>alice</saml:NameID><saml:NameID>ceo</saml:NameID>",
      })),
      "EncryptedID beside it": claim("name_id_repeated", () => ({
        nameIdXml: "<saml:NameID>alice</saml:NameID><saml:EncryptedID/>",
      })),
      "two Subjects": claim("subject_missing", () => ({
        extra: "<saml:Subject><saml:NameID>ceo</saml:NameID></saml:Subject>",
      })),
    },
  },
  {
    id: "SAML-A38",
    what: "attributes in bad faith",
    good: (scene) =>
      login(scene, {
        assertion: {
          attributes: [
            ["__proto__", ["polluted"]],
            ["constructor", ["x"]],
            ["email", ["alice@acme.example"]],
            ["email", ["second@acme.example"]],
          ],
        },
      }),
    variants: {
      "1 001 values": claim("attributes_too_many", () => ({
        attributes: [["groups", Array.from({ length: 1_001 }, (_, i) => `g${i}`)]],
      })),
      "201 names": claim("attributes_too_many", () => ({
        attributes: Array.from({ length: 201 }, (_, i) => [`a${i}`, ["x"]] as const),
      })),
      "2 600 values": refused("xml_too_many_elements", (scene) =>
        login(scene, { assertion: { attributes: [["groups", Array.from({ length: 2_600 }, () => "g")]] } }),
      ),
      "a value of 5 000 characters": claim("attribute_invalid", () => ({
        attributes: [["email", ["a".repeat(5_000)]]],
      })),
      "an element as value": claim("attribute_invalid", () => ({
        attributesXml:
          '<saml:AttributeStatement><saml:Attribute Name="email"><saml:AttributeValue><b>x</b></saml:AttributeValue></saml:Attribute></saml:AttributeStatement>',
      })),
      "no name": claim("attribute_invalid", () => ({
        attributesXml:
          "<saml:AttributeStatement><saml:Attribute><saml:AttributeValue>x</saml:AttributeValue></saml:Attribute></saml:AttributeStatement>",
      })),
    },
  },
  {
    id: "SAML-A39",
    what: "a pseudo NameID among the attributes",
    good,
    variants: {
      nameID: claim("name_id_missing", () => ({
        nameId: null,
        attributes: [
          ["nameID", ["ceo"]],
          ["issuer", ["x"]],
          ["sessionIndex", ["y"]],
        ],
      })),
    },
  },
  {
    id: "SAML-A51",
    what: "expired Conditions, to the second",
    good: (scene) => login(scene, { assertion: { notOnOrAfter: at(scene, -59) } }),
    variants: {
      "two minutes ago": claim("expired", (scene) => ({ notOnOrAfter: at(scene, -120) })),
      "exactly at the skew": claim("expired", (scene) => ({ notOnOrAfter: at(scene, -60) })),
      "61 s ago": claim("expired", (scene) => ({ notOnOrAfter: at(scene, -61) })),
      "one second ago without skew": claim(
        "expired",
        (scene) => ({ notOnOrAfter: at(scene, 0) }),
        under({ skewMs: 0 }),
      ),
    },
  },
  {
    id: "SAML-A52",
    what: "not yet valid",
    good: (scene) => login(scene, { assertion: { notBefore: at(scene, 60) } }),
    variants: {
      "in two minutes": claim("not_yet_valid", (scene) => ({ notBefore: at(scene, 120) })),
      "in 61 s": claim("not_yet_valid", (scene) => ({ notBefore: at(scene, 61) })),
      "the confirmation": claim("confirmation_not_yet_valid", (scene) => ({ confirmationNotBefore: at(scene, 61) })),
    },
  },
  {
    id: "SAML-A53",
    what: "the subject confirmation has expired, the Conditions have not",
    good: (scene) => login(scene, { assertion: { confirmationEnd: at(scene, -59) } }),
    variants: {
      "an hour ago": claim("confirmation_expired", (scene) => ({ confirmationEnd: at(scene, -3_600) })),
      "an hour ago, unsolicited": refused(
        "confirmation_expired",
        (scene) => unsolicited(scene, { assertion: { confirmationEnd: at(scene, -3_600), inResponseTo: null } }),
        { expectation: { kind: "unsolicited" } },
      ),
    },
  },
  {
    id: "SAML-A54",
    what: "no times, or times that only a lenient parser reads",
    good: (scene) => login(scene, { assertion: { notOnOrAfter: "2026-03-02T10:05:00.1234567+01:00" } }),
    variants: {
      "no end of Conditions": claim("conditions_unlimited", () => ({ notOnOrAfter: null, notBefore: null })),
      "no end of the confirmation": claim("confirmation_incomplete", () => ({ confirmationEnd: null })),
      "no IssueInstant": claim("time_invalid", () => ({ issueInstant: null })),
      ...Object.fromEntries(
        odd.map((time) => [`Conditions "${time}"`, claim("time_invalid", () => ({ notOnOrAfter: time }))]),
      ),
      ...Object.fromEntries(
        odd.map((time) => [`confirmation "${time}"`, claim("time_invalid", () => ({ confirmationEnd: time }))]),
      ),
      "IssueInstant a year ago": claim("issued_too_long_ago", () => ({ issueInstant: "2025-03-02T09:00:00Z" })),
      "IssueInstant 10 min 1 s ago": claim("issued_too_long_ago", (scene) => ({ issueInstant: at(scene, -601) })),
      "IssueInstant in a year": claim("issued_in_future", () => ({ issueInstant: "2027-03-02T09:00:00Z" })),
      "IssueInstant in 61 s": claim("issued_in_future", (scene) => ({ issueInstant: at(scene, 61) })),
      "Response issued a year ago": around("issued_too_long_ago", () => ({ issueInstant: "2025-03-02T09:00:00Z" })),
    },
  },
  {
    id: "SAML-A55",
    what: "meant for another audience",
    good: (scene) => login(scene, { assertion: { audiences: [["https://other.example", scene.spEntityId]] } }),
    variants: {
      "another connection": claim("audience_mismatch", () => ({ audiences: [["https://plenum.example/saml/con_2"]] })),
      case: claim("audience_mismatch", (scene) => ({ audiences: [[scene.spEntityId.toUpperCase()]] })),
      prefix: claim("audience_mismatch", (scene) => ({ audiences: [[`${scene.spEntityId}-evil`]] })),
      "trailing slash": claim("audience_mismatch", (scene) => ({ audiences: [[`${scene.spEntityId}/`]] })),
      "a further restriction without us": claim("audience_mismatch", (scene) => ({
        audiences: [[scene.spEntityId], ["https://other.example"]],
      })),
    },
  },
  {
    id: "SAML-A56",
    what: "no audience, no Conditions",
    good,
    variants: {
      "no restriction": claim("audience_missing", () => ({ audiences: [] })),
      "empty restriction": claim("audience_mismatch", () => ({ audiences: [[]] })),
      "no Conditions": claim("conditions_missing", () => ({ conditionsXml: "" })),
      "Conditions twice": claim("conditions_repeated", (scene) => ({
        extra: `<saml:Conditions NotOnOrAfter="${at(scene, 300)}"><saml:AudienceRestriction><saml:Audience>${scene.spEntityId}</saml:Audience></saml:AudienceRestriction></saml:Conditions>`,
      })),
      "a condition nobody knows": claim("condition_unknown", () => ({ extraConditions: '<x:Only xmlns:x="urn:x"/>' })),
    },
  },
  {
    id: "SAML-A57",
    what: "wrong or absent Recipient",
    good,
    variants: {
      other: claim("recipient_mismatch", () => ({ recipient: "https://plenum.example/saml/con_2/acs" })),
      absent: claim("recipient_mismatch", () => ({ recipient: null })),
      prefix: claim("recipient_mismatch", (scene) => ({ recipient: `${scene.acsUrl}?x` })),
      "split over two confirmations": claim("confirmation_missing", (scene) => ({
        confirmationXml:
          `<saml:SubjectConfirmation Method="${method("bearer")}"><saml:SubjectConfirmationData NotOnOrAfter="${at(scene, 300)}" Recipient="https://other.example"${attr("InResponseTo", scene.requestId)}/></saml:SubjectConfirmation>` +
          `<saml:SubjectConfirmation Method="${method("bearer")}"><saml:SubjectConfirmationData NotOnOrAfter="${at(scene, -300)}" Recipient="${scene.acsUrl}"${attr("InResponseTo", scene.requestId)}/></saml:SubjectConfirmation>`,
      })),
    },
  },
  {
    id: "SAML-A58",
    what: "wrong Destination",
    good: (scene) => login(scene, { signed: "response" }),
    variants: {
      "on a signed Response": around("destination_mismatch", () => ({
        destination: "https://plenum.example/saml/con_2/acs",
      })),
      "on an unsigned Response": refused("destination_mismatch", (scene) =>
        login(scene, { response: { destination: "https://other.example" } }),
      ),
      empty: around("destination_mismatch", () => ({ destination: "" })),
    },
  },
  {
    id: "SAML-A59",
    what: "Destination absent from a signed Response",
    good: (scene) => login(scene, { response: { destination: null } }),
    variants: { absent: around("destination_missing", () => ({ destination: null })) },
  },
  {
    id: "SAML-A60",
    what: "wrong Issuer",
    good: (scene) => login(scene, { signed: "response", response: { issuer: null } }),
    variants: {
      assertion: claim("issuer_mismatch", () => ({ issuer: "https://idp.evil.example" })),
      "assertion, none": claim("issuer_mismatch", () => ({ issuer: null })),
      "trailing space": claim("issuer_mismatch", (scene) => ({ issuer: `${scene.idpEntityId} ` })),
      "other format": claim("issuer_mismatch", () => ({ issuerFormat: format.persistent })),
      response: around("response_issuer_mismatch", () => ({ issuer: "https://idp.evil.example" })),
      "unsigned response": refused("response_issuer_mismatch", (scene) =>
        login(scene, { response: { issuer: "https://idp.evil.example" } }),
      ),
      both: refused("issuer_mismatch", (scene) =>
        login(scene, {
          assertion: { issuer: "https://idp.evil.example" },
          response: { issuer: "https://idp.evil.example" },
        }),
      ),
    },
  },
  {
    id: "SAML-A61",
    what: "another confirmation method",
    good,
    variants: {
      "holder-of-key": claim("confirmation_missing", () => ({ method: method("holder-of-key") })),
      "sender-vouches": claim("confirmation_missing", () => ({ method: method("sender-vouches") })),
    },
  },
  {
    id: "SAML-A62",
    what: "no subject confirmation",
    good,
    variants: {
      none: claim("confirmation_missing", () => ({ confirmationXml: "", inResponseTo: null })),
      "no data": claim("confirmation_incomplete", () => ({
        confirmationXml: `<saml:SubjectConfirmation Method="${method("bearer")}"/>`,
      })),
    },
  },
  {
    id: "SAML-A64",
    what: "InResponseTo",
    isAboutRequests: true,
    good,
    variants: {
      "none, although only answers are taken": refused("unsolicited", unsolicited),
      "missing in the assertion": claim("in_response_to_missing", () => ({ inResponseTo: null })),
      "stripped from the unsigned Response": refused("in_response_to_mismatch", (scene) =>
        login(scene).replace(/(Destination="[^"]*") InResponseTo="[^"]*"/, "$1"),
      ),
      "unsolicited assertion wrapped with a live id": refused("in_response_to_missing", (scene) =>
        unsolicited(scene, { response: { inResponseTo: scene.requestId } }),
      ),
      "the two differ": claim("in_response_to_mismatch", () => ({ inResponseTo: "_somebody_elses" })),
      "not the one expected": refused(
        "in_response_to_mismatch",
        (scene) => login(scene, { assertion: { inResponseTo: "_other" }, response: { inResponseTo: "_other" } }),
        { expectation: { kind: "solicited", requestId: "_mine" } },
      ),
      "an answer where none was asked for": refused("in_response_to_mismatch", good, {
        expectation: { kind: "unsolicited" },
      }),
    },
  },
  {
    id: "SAML-A101",
    what: "a status of failure with a signed assertion",
    good,
    variants: {
      Responder: around("status_not_success", () => ({ status: statusOf("Responder") })),
      "assertion signed": refused("status_not_success", (scene) =>
        login(scene, { response: { status: statusOf("AuthnFailed") } }),
      ),
      "no status": around("status_not_success", () => ({ statusXml: "" })),
      "success below failure": around("status_not_success", () => ({
        statusXml: `<samlp:Status><samlp:StatusCode Value="${statusOf("Responder")}"><samlp:StatusCode Value="${statusOf("Success")}"/></samlp:StatusCode></samlp:Status>`,
      })),
      "no assertion, unsigned": refused("status_not_success", (scene) =>
        response(scene, "", { status: statusOf("RequestDenied") }),
      ),
      "success without assertion": refused("assertion_missing", (scene) =>
        sign(scene, response(scene, ""), "Response"),
      ),
    },
  },
  {
    id: "SAML-A102",
    what: "another message at the assertion consumer service",
    good,
    variants: Object.fromEntries(
      ["LogoutResponse", "LogoutRequest", "AuthnRequest"].map((name) => [
        name,
        refused("message_unexpected", (scene) =>
          sign(
            scene,
            `<samlp:${name} ${samlpNs} ${samlNs} ID="${freshId()}" Version="2.0" IssueInstant="${at(scene, 0)}"><saml:Issuer>${scene.idpEntityId}</saml:Issuer></samlp:${name}>`,
            name,
          ),
        ),
      ]),
    ),
  },
  {
    id: "SAML-A102",
    what: "something that is no protocol message at the assertion consumer service",
    good,
    variants: {
      metadata: refused("message_unexpected", (scene) =>
        sign(
          scene,
          `<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" ID="${freshId()}" entityID="x"/>`.replace(
            "/>",
            "></md:EntityDescriptor>",
          ),
          "EntityDescriptor",
        ),
      ),
      "a bare signed assertion": refused("message_unexpected", (scene) => sign(scene, assertion(scene), "Assertion")),
    },
  },
  {
    id: "SAML-A103",
    what: "AuthnStatement",
    good: (scene) => login(scene, { assertion: { context: "urn:mfa" } }),
    trust: () => ({ authnContexts: ["urn:mfa"] }),
    variants: {
      absent: claim("authn_statement_missing", () => ({ authnXml: "" })),
      "no AuthnInstant": claim("authn_statement_missing", () => ({
        authnXml:
          "<saml:AuthnStatement><saml:AuthnContext><saml:AuthnContextClassRef>urn:mfa</saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement>",
      })),
      "session over": claim("session_expired", (scene) => ({ context: "urn:mfa", sessionEnd: at(scene, -61) })),
      "context not on the list": claim("authn_context_not_allowed", () => ({ context: "urn:password" })),
      "authenticated in the future": claim("authn_in_future", (scene) => ({
        context: "urn:mfa",
        authnInstant: at(scene, 61),
      })),
      "authenticated before the re-authentication was asked for": refused(
        "authn_too_long_ago",
        (scene) => login(scene, { assertion: { context: "urn:mfa", authnInstant: at(scene, -200) } }),
        { expectation: { kind: "solicited", authnNotBefore: new Date("2026-03-02T08:59:00Z") } },
      ),
      "authenticated longer ago than the organization allows": refused(
        "authn_too_long_ago",
        (scene) => login(scene, { assertion: { context: "urn:mfa", authnInstant: at(scene, -3_700) } }),
        under({ authnContexts: ["urn:mfa"], maxAuthnAgeMs: 3_600_000 }),
      ),
    },
  },
  {
    id: "SAML-A104",
    what: "another version",
    good,
    variants: {
      "assertion 1.1": claim("version_unsupported", () => ({ version: "1.1" })),
      "assertion, none": claim("version_unsupported", () => ({ version: null })),
      "response 1.1": around("version_unsupported", () => ({ version: "1.1" })),
      "response, none": around("version_unsupported", () => ({ version: null })),
    },
  },
  {
    id: "SAML-A56",
    what: "unsolicited responses have half the time",
    good: (scene) => unsolicited(scene, { assertion: { issueInstant: at(scene, -299), inResponseTo: null } }),
    expectation: { kind: "unsolicited" },
    variants: {
      "5 min 1 s old": refused("unsolicited_too_old", (scene) =>
        unsolicited(scene, { assertion: { issueInstant: at(scene, -301), inResponseTo: null } }),
      ),
    },
  },
];
