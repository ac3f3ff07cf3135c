import express from "express";
import { IdentityProvider, ServiceProvider, SamlLib, Constants, setSchemaValidator } from "samlify";
import { addSpKey, importConnection } from "../../services/domain/identity";
import type { Database } from "../../services/platform/unit-of-work";
import { freshId, makeKeys } from "../support/saml-kit";
import { Browser, codeOn, openSaml, type Visit } from "../support/saml-door";
import { trailOf } from "../support/saml-rows";
import { listen } from "../support/listen";
import { buildOrg, publicUrl, testWorld, type TestOrg } from "../support/world";

// The second npm identity provider that nobody here wrote. It takes our metadata as they are, verifies the signature of
// our request, and signs and encrypts by code of its own.
interface Mode {
  readonly dataEncryptionAlgorithm?: string;
  readonly isAssertionEncrypted?: boolean;
  readonly messageSigningOrder?: "sign-then-encrypt" | "encrypt-then-sign";
}

let db: Database;
let base: string;
let org: TestOrg;
let loginUrl: string;
let mode: Mode = {};
let person = "";
let isEncrypted = false;

// It checks schemas by a program of the operator's choice; what it reads here is ours, and its verdict is not asked.
setSchemaValidator({ validate: () => Promise.resolve("not checked") });

const binding = Constants.namespace.binding;
const context = `<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="{ID}" Version="2.0" IssueInstant="{IssueInstant}" Destination="{Destination}" InResponseTo="{InResponseTo}"><saml:Issuer>{Issuer}</saml:Issuer><samlp:Status><samlp:StatusCode Value="{StatusCode}"/></samlp:Status><saml:Assertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="{AssertionID}" Version="2.0" IssueInstant="{IssueInstant}"><saml:Issuer>{Issuer}</saml:Issuer><saml:Subject><saml:NameID Format="{NameIDFormat}">{NameID}</saml:NameID><saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer"><saml:SubjectConfirmationData NotOnOrAfter="{End}" Recipient="{Destination}" InResponseTo="{InResponseTo}"/></saml:SubjectConfirmation></saml:Subject><saml:Conditions NotBefore="{IssueInstant}" NotOnOrAfter="{End}"><saml:AudienceRestriction><saml:Audience>{Audience}</saml:Audience></saml:AudienceRestriction></saml:Conditions><saml:AuthnStatement AuthnInstant="{IssueInstant}" SessionIndex="{AssertionID}"><saml:AuthnContext><saml:AuthnContextClassRef>urn:oasis:names:tc:SAML:2.0:ac:classes:Password</saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement><saml:AttributeStatement><saml:Attribute Name="mail"><saml:AttributeValue>{NameID}</saml:AttributeValue></saml:Attribute></saml:AttributeStatement></saml:Assertion></samlp:Response>`;

beforeAll(async () => {
  db = await testWorld();
  const [opened, keys] = await Promise.all([openSaml(db), makeKeys("samlify")]);
  base = opened;
  org = await buildOrg(db, { seats: 20 });
  const app = express();
  const at = await listen(app);
  const idpOf = () =>
    IdentityProvider({
      entityID: "urn:test:samlify",
      signingCert: keys.certificatePem,
      privateKey: keys.privateKeyPem,
      wantAuthnRequestsSigned: true,
      nameIDFormat: ["urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress"],
      singleSignOnService: [{ Binding: binding.redirect, Location: `${at}/sso` }],
      singleLogoutService: [{ Binding: binding.redirect, Location: `${at}/slo` }],
      loginResponseTemplate: { context, attributes: [] },
      ...mode,
    });
  const spOf = async () => {
    const { text } = await new Browser(base).get(loginUrl.replace("/login", "/metadata"));
    return ServiceProvider({ metadata: text });
  };
  app.get("/sso", async (req, res) => {
    const [idp, sp] = [idpOf(), await spOf()];
    const octetString = req.originalUrl.split("?")[1]?.split("&Signature=")[0] ?? "";
    const asked = await idp.parseLoginRequest(sp, "redirect", { query: req.query, octetString });
    const { entityEndpoint, context: SAMLResponse } = (await idp.createLoginResponse(
      sp,
      { ...asked },
      "post",
      { email: person },
      (template: string) => {
        const [now, end] = [new Date().toISOString(), new Date(Date.now() + 300_000).toISOString()];
        const id = freshId();
        const values = {
          ...{ ID: id, AssertionID: freshId(), IssueInstant: now, End: end, Issuer: "urn:test:samlify" },
          ...{ Destination: String(sp.entityMeta.getAssertionConsumerService("post")) },
          ...{ Audience: sp.entityMeta.getEntityID(), NameID: person },
          InResponseTo: (asked.extract as { request: { id: string } }).request.id,
          ...{ NameIDFormat: "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress" },
          StatusCode: Constants.StatusCode.Success as string,
        };
        return { id, context: SamlLib.replaceTagsByValue(template, values) };
      },
      mode.messageSigningOrder === "encrypt-then-sign",
    )) as { entityEndpoint: string; context: string };
    isEncrypted = Buffer.from(SAMLResponse, "base64").includes("EncryptedAssertion");
    res.json({ action: entityEndpoint, SAMLResponse, RelayState: req.query["RelayState"] });
  });
  const connection = await org.run(
    (tx) => importConnection(tx, { from: { kind: "metadata", xml: idpOf().getMetadata() } }),
    org.operator,
  );
  loginUrl = connection.urls.loginUrl;
  await addSpKey(db, org.operator, { connectionId: connection.id, use: "ENCRYPTION" });
});

async function signIn(browser: Browser, query = ""): Promise<Visit> {
  const answer = await browser.get((await browser.get(loginUrl + query)).location ?? "");
  const { action, ...form } = JSON.parse(answer.text) as Record<string, string>;
  const posted = await browser.post(action ?? "", form);
  return posted.location === null ? posted : browser.get(posted.location);
}

const gcm = "http://www.w3.org/2009/xmlenc11#aes256-gcm";
const encrypting: Mode = { isAssertionEncrypted: true, messageSigningOrder: "sign-then-encrypt" };

test.each<[string, Mode]>([
  ["signed", {}],
  ["signed and then encrypted", { ...encrypting, dataEncryptionAlgorithm: gcm }],
])(
  "SAML-109, SAML-19, SAML-36: samlify takes our metadata and signed request, and its answer, %s, signs in",
  async (name, how) => {
    mode = how;
    person = org.email(name.replaceAll(" ", "-"));
    const browser = new Browser(base);

    const visit = await signIn(browser, "?RelayState=/welcome");

    expect([codeOn(visit), visit.location]).toEqual(["status 303", `${publicUrl}/welcome`]);
    expect(JSON.parse((await browser.get("/session")).text)).toMatchObject({ organization: { slug: org.slug } });
    expect(isEncrypted).toBe(how.isAssertionEncrypted === true);
    expect((await trailOf(org))[0]).toMatchObject({
      action: "sso.sign_in",
      facts: { effect: "CREATED", idpEntityId: "urn:test:samlify" },
    });
  },
);

test("SAML-109, SAML-61: a stranger's address of samlify's stays out", async () => {
  mode = {};
  person = "stranger@elsewhere.example";
  expect(codeOn(await signIn(new Browser(base)))).toBe("email_domain_not_owned");
});

test("SAML-109, SAML-36: its default, AES-CBC inside a Response that nobody signed, is refused", async () => {
  mode = encrypting;
  person = org.email("cbc");
  expect(codeOn(await signIn(new Browser(base)))).toBe("encryption_algorithm");
});
