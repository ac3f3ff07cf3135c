import type { Database } from "../../services/platform/unit-of-work";
import { attribute, parseXml } from "../../services/kernel/xml/dom";
import { makeKeys, login, unsolicited, type KeyPair } from "../support/saml-kit";
import {
  answered,
  askedIn,
  Browser,
  codeOn,
  connectIdp,
  openSaml,
  sceneFor,
  signIn,
  type SamlSite,
} from "../support/saml-door";
import { configure, countsOf, execute, requestRow, trailOf } from "../support/saml-rows";
import { buildOrg, publicUrl, testWorld, type TestOrg } from "../support/world";

let db: Database;
let base: string;
let keys: KeyPair;
let org: TestOrg;
let idp: SamlSite;
let acsUrl: string;

beforeAll(async () => {
  db = await testWorld();
  [base, keys] = await Promise.all([openSaml(db), makeKeys("idp")]);
  org = await buildOrg(db, { seats: 50 });
  idp = await connectIdp(org, keys, { makeOwnKey: true });
  ({ acsUrl } = idp.connection.urls);
});

const as = (who: TestOrg, name: string) => ({
  assertion: { nameId: `id-${name}`, attributes: [["email", [who.email(name)]]] as const },
});

// ---- transport -----------------------------------------------------------------------------------------------------

test.each([
  [
    "JSON",
    { "content-type": "application/json" },
    (r: string) => JSON.stringify({ SAMLResponse: r }),
    "form_invalid",
    400,
  ],
  [
    "text",
    { "content-type": "text/plain" },
    (r: string) => `SAMLResponse=${encodeURIComponent(r)}`,
    "form_invalid",
    400,
  ],
  [
    "multipart",
    { "content-type": "multipart/form-data; boundary=x" },
    (r: string) => `--x\r\ncontent-disposition: form-data; name="SAMLResponse"\r\n\r\n${r}\r\n--x--`,
    "form_invalid",
    400,
  ],
  [
    "twice",
    {},
    (r: string) => `SAMLResponse=${encodeURIComponent(r)}&SAMLResponse=${encodeURIComponent(r)}`,
    "response_repeated",
    400,
  ],
  [
    "spelled twice",
    {},
    (r: string) => `SAMLResponse=${encodeURIComponent(r)}&%53AMLResponse=${encodeURIComponent(r)}`,
    "response_repeated",
    400,
  ],
  ["an array", {}, (r: string) => `SAMLResponse[]=${encodeURIComponent(r)}`, "response_missing", 400],
  ["an object", {}, (r: string) => `SAMLResponse[a]=${encodeURIComponent(r)}`, "response_missing", 400],
  ["nothing", {}, () => "", "response_missing", 400],
  ["another field", {}, () => "SAMLRequest=x", "response_missing", 400],
  [
    "unencoded plus signs",
    {},
    (r: string) => `SAMLResponse=${r.replaceAll("=", "%3D").replace(/./, "+")}`,
    "base64_invalid",
    400,
  ],
  [
    "385 KiB",
    {},
    (r: string) => `SAMLResponse=${encodeURIComponent(r)}&x=${"a".repeat(385 * 1024)}`,
    "message_too_large",
    413,
  ],
  ["compressed", { "content-encoding": "gzip" }, (r: string) => r, "form_invalid", 400],
])("SAML-24: a post with %s is refused as such", async (_name, headers, body, code, status) => {
  const browser = new Browser(base);
  const { form, requestId } = await answered(browser, idp, as(org, "transport"));

  const answer = await browser.post(acsUrl, body(form.SAMLResponse), headers);

  expect([codeOn(answer), answer.status]).toEqual([code, status]);
  expect((await trailOf(org))[0]).toMatchObject({ result: "DENIED", facts: { code } });
  expect((await requestRow(org, requestId))?.status).toBe("PENDING");
});

test("SAML-A106: a Response by GET is refused", async () => {
  const browser = new Browser(base);
  const { form } = await answered(browser, idp, as(org, "get"));
  const answer = await browser.get(`${acsUrl}?SAMLResponse=${encodeURIComponent(form.SAMLResponse)}`);

  expect([answer.status, answer.headers.get("allow"), codeOn(answer)]).toEqual([405, "POST", "form_invalid"]);
});

test("SAML-13, SAML-25: an unknown connection is a plain 404 at every path", async () => {
  const browser = new Browser(base);
  for (const id of ["con_01h455vb4pex5vsknk084sn02q", "nonsense", "org_01h455vb4pex5vsknk084sn02q", "%00", "con_"]) {
    for (const path of ["metadata", "login", "acs", "complete?code=x"]) {
      const answer =
        path === "acs"
          ? await browser.post(`/saml/${id}/acs`, { SAMLResponse: "x" })
          : await browser.get(`/saml/${id}/${path}`);
      expect([id, path, answer.status, answer.headers.get("content-type")]).toEqual([
        id,
        path,
        404,
        "text/plain; charset=utf-8",
      ]);
    }
  }
});

test("SAML-105, ruling 13: sixty refusals from one address in a minute, then 429 without looking; others go on", async () => {
  const noisy = new Browser(base);
  const codes: string[] = [];
  // Windows are of the calendar's minutes: on a slow machine two of them may share the work.
  while (codes.length < 125 && codes.at(-1) !== "rate_limited") {
    codes.push(codeOn(await noisy.post(acsUrl, { SAMLResponse: "!" })));
  }
  const before = (await trailOf(org, 1_000)).length;

  const next = await noisy.post(acsUrl, { SAMLResponse: "!" });

  expect(codes.indexOf("rate_limited")).toBeGreaterThanOrEqual(60);
  expect(codes.slice(0, -1).every((code) => code === "base64_invalid")).toBe(true);
  expect([next.status, codeOn(next), next.headers.get("retry-after")]).toEqual([429, "rate_limited", "5"]);
  expect((await trailOf(org, 1_000)).length).toBe(before);
  expect((await signIn(new Browser(base), idp, as(org, "bystander"))).session).toMatchObject({ role: "MEMBER" });
});

// ---- requests ------------------------------------------------------------------------------------------------------

test("SAML-A63, SAML-48: the same response a second time is `replayed`, also without its cookies", async () => {
  const browser = new Browser(base);
  const { form } = await answered(browser, idp, {
    assertion: { ...as(org, "replay").assertion, extraConditions: "<saml:OneTimeUse/>" },
  });
  const first = await browser.post(acsUrl, form);
  await browser.get(first.location ?? "");
  const before = await countsOf(org);

  for (const next of [browser, new Browser(base)]) {
    const again = await next.post(acsUrl, form);
    expect([again.status, codeOn(again)]).toEqual([403, "replayed"]);
  }
  expect(await countsOf(org)).toEqual(before);
});

test("SAML-A63: an assertion seen before is `replayed` under a new request too", async () => {
  const browser = new Browser(base);
  const first = await answered(browser, idp, {
    assertion: { ...as(org, "again").assertion, id: "_the_same_assertion" },
  });
  expect((await browser.post(acsUrl, first.form)).status).toBe(303);

  const second = await answered(browser, idp, {
    assertion: { ...as(org, "again").assertion, id: "_the_same_assertion" },
  });
  const again = await browser.post(acsUrl, second.form);

  expect(codeOn(again)).toBe("replayed");
  expect(await requestRow(org, second.requestId)).toEqual({ status: "PENDING", failures: 1 });
});

test("SAML-A64: requests that are unknown, expired or of another connection are told apart in the audit log", async () => {
  const browser = new Browser(base);
  const other = await connectIdp(org, keys, { connectionId: idp.connection.id });
  const post = async (requestId: string, site = other) => {
    const SAMLResponse = Buffer.from(login(sceneFor(site, requestId), as(org, "request"))).toString("base64");
    return codeOn(await browser.post(acsUrl, { SAMLResponse }));
  };
  const expired = await answered(browser, idp, as(org, "request"));
  await execute(org, "update sso_request set expires_at = now() where org_id = $1 and request_id = $2", [
    expired.requestId,
  ]);
  const foreignOrg = await buildOrg(db);
  const foreign = await connectIdp(foreignOrg, keys, { idpEntityId: idp.idpEntityId });
  const foreignRequest = await answered(browser, foreign, as(org, "request"));

  expect(await post("_nobody_asked")).toBe("request_unknown");
  expect(await post(expired.requestId)).toBe("request_expired");
  expect(await post(foreignRequest.requestId)).toBe("request_unknown");
  expect((await trailOf(org, 3)).map(({ facts }) => facts["code"])).toEqual([
    "request_unknown",
    "request_expired",
    "request_unknown",
  ]);
});

test("SAML-47: four failed answers leave the request, the fifth burns it", async () => {
  const browser = new Browser(base);
  const { form, requestId, xml } = await answered(browser, idp, as(org, "burn"));
  const bad = { SAMLResponse: Buffer.from(xml.replace("id-burn", "id-evil")).toString("base64") };
  for (let i = 1; i <= 4; i++) {
    expect(codeOn(await browser.post(acsUrl, bad))).toBe("signature_invalid");
    expect(await requestRow(org, requestId)).toEqual({ status: "PENDING", failures: i });
  }
  const kept = await answered(browser, idp, as(org, "burn-kept"));
  for (let i = 0; i < 4; i++)
    await browser.post(acsUrl, {
      SAMLResponse: Buffer.from(kept.xml.replace("id-burn", "id-evil")).toString("base64"),
    });
  expect((await browser.post(acsUrl, kept.form)).status).toBe(303);

  await browser.post(acsUrl, bad);
  expect(await requestRow(org, requestId)).toEqual({ status: "BURNT", failures: 5 });
  expect((await trailOf(org))[0]?.facts).toMatchObject({ code: "signature_invalid", burnt: true });

  const late = await browser.post(acsUrl, form);
  expect(codeOn(late)).toBe("request_burnt");
});

test("SAML-A65, SAML-47: of fifty posts of one response one is taken, and one session comes of it", async () => {
  const browser = new Browser(base);
  const { form } = await answered(browser, idp, as(org, "race"));
  const before = await countsOf(org);

  const answers = await Promise.all(
    Array.from({ length: 50 }, () => new Browser(base)).map((racer) => racer.post(acsUrl, form)),
  );

  const taken = answers.filter((answer) => answer.status === 303);
  expect(taken).toHaveLength(1);
  expect(answers.filter((answer) => codeOn(answer) === "replayed")).toHaveLength(49);
  const completions = await Promise.all(Array.from({ length: 10 }, () => browser.get(taken[0]?.location ?? "")));
  expect(completions.map((visit) => visit.status).sort()).toEqual([303, ...Array.from({ length: 9 }, () => 403)]);
  expect(await countsOf(org)).toMatchObject({
    outcomes: before.outcomes + 1,
    sessions: before.sessions + 1,
    members: before.members + 1,
    seats: before.seats + 1,
  });
});

// ---- connections ---------------------------------------------------------------------------------------------------

test("SAML-A80: a genuine response for one organization opens nothing at another", async () => {
  const other = await buildOrg(db);
  const otherIdp = await connectIdp(other, keys, { idpEntityId: idp.idpEntityId });
  const browser = new Browser(base);
  const mine = await answered(browser, idp, as(org, "tenant"));
  const before = await countsOf(other);

  const posted = await browser.post(otherIdp.connection.urls.acsUrl, mine.form);
  expect(codeOn(posted)).toBe("destination_mismatch");
  // The same identity provider, key and issuer, everything about our other organization, asked for at this one.
  const theirs = await answered(browser, otherIdp, as(org, "tenant"));
  const forged = login(
    { ...sceneFor(otherIdp, theirs.requestId), spEntityId: idp.connection.spEntityId },
    as(org, "tenant"),
  );
  expect(
    codeOn(
      await browser.post(otherIdp.connection.urls.acsUrl, { SAMLResponse: Buffer.from(forged).toString("base64") }),
    ),
  ).toBe("audience_mismatch");
  expect(await countsOf(other)).toEqual(before);
});

test.each(["DRAFT", "TESTING", "DISABLED"])(
  "SAML-01, SAML-12, SAML-A81: a connection that is %s signs nobody in, from this very moment",
  async (state) => {
    const browser = new Browser(base);
    const { form } = await answered(browser, idp, as(org, "state"));
    const half = await answered(browser, idp, as(org, "state-half"));
    const posted = await browser.post(acsUrl, half.form);
    await configure(org, idp.connection.id, { saml_state: state });

    expect(codeOn(await browser.post(acsUrl, form))).toBe("connection_inactive");
    expect(codeOn(await browser.get(posted.location ?? ""))).toBe("connection_inactive");
    expect(codeOn(await browser.get(idp.connection.urls.loginUrl))).toBe("connection_inactive");
    expect(
      codeOn(
        await browser.post(acsUrl, { SAMLResponse: Buffer.from(unsolicited(sceneFor(idp, "_x"))).toString("base64") }),
      ),
    ).toBe("connection_inactive");
    expect((await trailOf(org))[0]?.facts).toMatchObject({ code: "connection_inactive" });

    await configure(org, idp.connection.id, { saml_state: "ACTIVE" });
    expect((await signIn(browser, idp, as(org, "state"))).session).toMatchObject({ role: "MEMBER" });
  },
);

test("SAML-A81: a deleted connection is gone", async () => {
  const gone = await buildOrg(db);
  const site = await connectIdp(gone, keys);
  const browser = new Browser(base);
  const { form } = await answered(browser, site, as(gone, "deleted"));
  await configure(gone, site.connection.id, { deleted_at: new Date() });

  expect((await browser.post(site.connection.urls.acsUrl, form)).status).toBe(404);
  expect((await browser.get(site.connection.urls.loginUrl)).status).toBe(404);
});

test("SAML-67: without the entitlement, or in a suspended organization, sign-in stops with a word for it", async () => {
  const plain = await buildOrg(db);
  const site = await connectIdp(plain, keys);
  const browser = new Browser(base);
  const { form } = await answered(browser, site, as(plain, "plan"));

  await execute(plain, "update organization set status = 'SUSPENDED' where org_id = $1");
  expect(codeOn(await browser.post(site.connection.urls.acsUrl, form))).toBe("organization_suspended");
  await execute(plain, "update organization set status = 'ACTIVE' where org_id = $1");
  await execute(plain, "delete from organization_entitlement where org_id = $1 and feature = 'sso'");
  expect(codeOn(await browser.post(site.connection.urls.acsUrl, form))).toBe("entitlement_required");
  expect(codeOn(await browser.get(site.connection.urls.loginUrl))).toBe("entitlement_required");
});

test("SAML-16: a certificate added a moment ago counts, one taken away does not (SAML-A105)", async () => {
  const rotating = await buildOrg(db);
  const site = await connectIdp(rotating, keys);
  const next = await makeKeys("next");
  const browser = new Browser(base);
  expect((await signIn(browser, site, as(rotating, "rotation"))).session).toMatchObject({ role: "MEMBER" });

  const renewed = await connectIdp(rotating, next, { connectionId: site.connection.id, idpEntityId: site.idpEntityId });

  expect((await signIn(browser, renewed, as(rotating, "rotation"))).session).toMatchObject({ role: "MEMBER" });
  expect(codeOn((await signIn(new Browser(base), site, as(rotating, "rotation"))).visit)).toBe("signature_invalid");
});

test("SAML-55: unsolicited responses are off by default; under `restart` the person is sent around once", async () => {
  const browser = new Browser(base);
  const tile = {
    SAMLResponse: Buffer.from(
      unsolicited(sceneFor(idp, "_none"), { assertion: { ...as(org, "tile").assertion, inResponseTo: null } }),
    ).toString("base64"),
  };
  expect(codeOn(await browser.post(acsUrl, tile))).toBe("unsolicited");
  const before = await countsOf(org);

  await configure(org, idp.connection.id, { idp_initiated: "restart" });
  const sent = await browser.post(acsUrl, tile);
  await configure(org, idp.connection.id, { idp_initiated: "off" });

  expect([sent.status, sent.location]).toEqual([303, idp.connection.urls.loginUrl]);
  expect(await countsOf(org)).toEqual(before);
});

// ---- asking --------------------------------------------------------------------------------------------------------

test("SAML-19, SAML-21, SAML-A46: the request goes out by redirect, compressed, with our names and the person's hint", async () => {
  const browser = new Browser(base);
  const start = await browser.get(`${idp.connection.urls.loginUrl}?login_hint=ada%40example.org`);
  const { xml, relayState, url } = askedIn(start.location ?? "");
  const root = parseXml(xml);

  expect(start.status).toBe(302);
  expect(url.origin + url.pathname).toBe("https://idp.example/sso");
  expect(url.searchParams.get("login_hint")).toBe("ada@example.org");
  expect(relayState).toMatch(/^[\w-]{24}$/);
  expect([attribute(root, "AssertionConsumerServiceURL"), attribute(root, "Destination")]).toEqual([
    acsUrl,
    "https://idp.example/sso",
  ]);
  expect(xml).toContain(`<saml:Issuer>${idp.connection.spEntityId}</saml:Issuer>`);
});

test("SAML-19, SAML-20: signed where the identity provider wants it, by form where it takes no redirect", async () => {
  const browser = new Browser(base);
  await configure(org, idp.connection.id, { sign_requests: true });
  const signed = askedIn((await browser.get(idp.connection.urls.loginUrl)).location ?? "");
  await configure(org, idp.connection.id, { sso_binding: "POST" });
  const form = await browser.get(idp.connection.urls.loginUrl);
  await configure(org, idp.connection.id, { sso_binding: "REDIRECT", sign_requests: false });

  expect(signed.url.searchParams.get("SigAlg")).toBe("http://www.w3.org/2001/04/xmldsig-more#rsa-sha256");
  expect(signed.url.searchParams.get("Signature")).toMatch(/^[\w+/]{512}$/);
  const sent = Buffer.from(/name="SAMLRequest" value="([^"]+)"/.exec(form.text)?.[1] ?? "", "base64").toString();
  expect(sent).toMatch(/^<samlp:AuthnRequest .*<ds:SignatureValue>/s);
  expect(form.headers.get("content-security-policy")).toMatch(
    /script-src 'nonce-[^']+'; form-action 'self' https:\/\/idp\.example https:;/,
  );
  expect(form.text).toMatch(/<button>[^<]+<\/button>/);
  expect(form.text).not.toMatch(/on(?:load|submit|click)=/);
});

test("SAML-13: metadata with its type, its entity tag and a signing certificate", async () => {
  const browser = new Browser(base);
  const page = await browser.get(idp.connection.urls.metadataUrl);
  const etag = page.headers.get("etag") ?? "";

  expect([page.status, page.headers.get("content-type")]).toEqual([200, "application/samlmetadata+xml; charset=utf-8"]);
  expect(page.text).toContain(`entityID="${idp.connection.spEntityId}"`);
  expect(page.text.match(/<md:KeyDescriptor use="signing">/g)).toHaveLength(1);
  expect((await browser.get(idp.connection.urls.metadataUrl, { "if-none-match": etag })).status).toBe(304);
  expect((await browser.get(idp.connection.urls.metadataUrl, { "if-none-match": '"other"' })).status).toBe(200);
  expect(idp.connection.spEntityId).toBe(`${publicUrl}/saml/${idp.connection.urls.connectionId}`);
});

// ---- what people and administrators see ----------------------------------------------------------------------------

test("SAML-99: the page is in the reader's language, with a code, a reference and a way to try again, and nothing else", async () => {
  const browser = new Browser(base);
  const { form } = await answered(browser, idp, {
    ...as(org, "page"),
    response: { issuer: "https://evil.example/<script>" },
  });

  const french = await browser.post(acsUrl, form, {
    "accept-language": "fr-CA,fr;q=0.9",
    "x-request-id": "reference-12345",
  });
  const english = await browser.get(`${acsUrl.replace("/acs", "/complete")}?code=${"A".repeat(22)}`, {
    "accept-language": "de",
  });

  expect(french.text).toMatch(
    /<html lang="fr">.*Connexion refusée.*<code>response_issuer_mismatch<\/code> <code>reference-12345<\/code>/s,
  );
  expect(french.text).not.toMatch(/evil|script>alert|idp\.|SAMLResponse/);
  expect(english.text).toMatch(/<html lang="en">.*Please sign in again.*\/login">Sign in<\/a>/s);
  expect(french.headers.get("content-security-policy")).toContain("default-src 'none'");
  expect((await trailOf(org))[0]).toMatchObject({ facts: { code: "outcome_unknown" } });
  expect((await trailOf(org, 2))[1]?.facts).toMatchObject({
    code: "response_issuer_mismatch",
    expected: idp.idpEntityId,
    received: "https://evil.example/<script>",
  });
});

test("SAML-A96: line breaks in foreign names stay one line of the audit log", async () => {
  const browser = new Browser(base);
  const { form } = await answered(browser, idp, {
    ...as(org, "log"),
    response: { issuer: "x\r\n2026-01-01 forged=1" },
  });

  await browser.post(acsUrl, form);

  expect((await trailOf(org))[0]?.facts).toMatchObject({ received: "x\u00b72026-01-01 forged=1" });
});
