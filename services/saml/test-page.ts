import type { Request, Response } from "express";
import { hintText, type CheckLine, type SignInPreview, type TestReport, type TestRun } from "../domain/identity";
import { publicId } from "../kernel/ids";
import { html, localeOf, sendPage, type Markup, type PageLocale } from "../platform/page";
import { testWords } from "./test-words";

/** The report of a trial: what was checked, what would happen, what to change (SAML-96). Values are masked in part. */
export function sendTestReport(req: Request, res: Response, { id, report, passed }: TestRun): void {
  const locale = localeOf(req.get("accept-language"));
  const w = testWords[locale];
  const { evidence, preview, hints } = report;
  const facts = evidence.facts;
  const warnings = facts?.warnings ?? [];
  const signatures = evidence.signatures.map(
    (s) =>
      html`<li>
        ${s.on}: ${lastPart(s.algorithm)} / ${lastPart(s.digest)} <code>${s.certificate?.slice(0, 16) ?? "–"}</code>
      </li>`,
  );
  const attributes = (facts?.attributes ?? []).map(
    ({ name, values }) => html`<li><code>${name}</code> ${values.map(masked).join(", ")}</li>`,
  );
  const body = html`<p>${w.nothing}</p>
    ${section(
      w.advice,
      hints.map((hint) => html`<li>${hintText(locale, hint)}</li>`),
    )}
    ${certificateOffer(locale, publicId("testRun", id), report)}
    ${section(
      w.warnings,
      warnings.map((warning) => html`<li>${w.warning[warning]}</li>`),
    )}
    <dl>
      ${preview ? outcome(locale, preview) : []}
      ${facts ? entry(w.nameId, html`${masked(facts.nameId.value)} <code>${lastPart(facts.nameId.format)}</code>`) : []}
      ${list(w.attributes, attributes)} ${list(w.signatures, signatures)}
      ${evidence.clockOffsetSeconds === null ? [] : entry(w.clock, html`${evidence.clockOffsetSeconds} s`)}
    </dl>
    <p>
      <a class="button" href="../test">${w.again}</a>
      <a class="button quiet" href="../setup">${w.setup}</a>
    </p>
    <h2>${w.checks}</h2>
    <ol>
      ${evidence.checks.map((line) => checkLine(locale, line))}
    </ol>`;
  sendPage(res, 200, { locale, title: passed ? w.passed : w.failed, body, wide: true });
}

// What the same answer would do if it were a sign-in (SAML-96).
function outcome(locale: PageLocale, preview: SignInPreview): Markup[] {
  const w = testWords[locale];
  const { effect, role, seated, refusal, domain, groups } = preview;
  const inside = [
    ...(effect ? [w.effects[effect]] : [`${w.refused}: ${refusal ?? ""}`]),
    ...(role ? [`${w.role} ${w.roles[role]}`] : []),
    ...(seated === null ? [] : [seated ? w.seat : w.noSeat]),
  ].join(", ");
  const person = [preview.givenName, preview.familyName, preview.email].filter(Boolean).join(" · ");
  return [
    entry(w.would, html`${inside}`),
    entry(w.person, html`${person || "–"}`),
    ...(domain ? [entry(w.domain, html`${w.domains[domain]}`)] : []),
    entry(w.groups, html`${groups?.join(", ") ?? w.noGroups}`),
  ];
}

// Nobody but a person who has compared the fingerprint elsewhere may believe a certificate that came with a message.
function certificateOffer(locale: PageLocale, id: string, { hints, evidence }: TestReport): Markup {
  if (!evidence.shownCertificate || !hints.some(({ code }) => code === "certificate_unknown")) return html``;
  const w = testWords[locale];
  return html`<form method="post" action="${id}/certificate">
    <label><input type="checkbox" name="compared" value="yes" required /> ${w.compared}</label>
    <button>${w.addCertificate}</button>
  </form>`;
}

function section(title: string, lines: readonly Markup[]): Markup {
  if (lines.length === 0) return html``;
  return html`<h2>${title}</h2>
    <ul>
      ${lines}
    </ul>`;
}

function entry(title: string, content: Markup): Markup {
  return html`<dt>${title}</dt>
    <dd>${content}</dd>`;
}

function list(title: string, lines: readonly Markup[]): Markup {
  if (lines.length === 0) return html``;
  return entry(
    title,
    html`<ul>
      ${lines}
    </ul>`,
  );
}

function checkLine(locale: PageLocale, { requirement, code, result, expected, received }: CheckLine): Markup {
  const w = testWords[locale];
  const values = [
    ...(expected === undefined ? [] : [html`${w.expected} <code>${expected}</code>`]),
    ...(received === undefined ? [] : [html` ${w.received} <code>${received}</code>`]),
  ];
  return html`<li class="${result}"><code>${requirement} ${code}</code> ${w.results[result]} ${values}</li>`;
}

// Enough to recognise a value, not enough to copy it off the screen (SAML-95).
function masked(value: string): string {
  return value.length <= 4 ? value : `${value.slice(0, 3)}…${value.slice(-2)}`;
}

function lastPart(uri: string | null): string {
  return uri?.split(/[#/:]/).at(-1) ?? "–";
}
