import type { Request, Response } from "express";
import { hintText, type CheckLine, type TestRun } from "../domain/identity";
import { html, localeOf, sendPage, type Markup, type PageLocale } from "../platform/page";

const words = {
  fr: {
    passed: "L'essai a réussi",
    failed: "L'essai a échoué",
    nothing: "Rien n'a été modifié : aucun membre, aucune place, aucune session.",
    advice: "Ce qu'il faut changer",
    would: "Une connexion réelle",
    person: "Personne",
    attributes: "Attributs reçus",
    signatures: "Signatures",
    clock: "Écart d'horloge",
    checks: "Vérifications",
    expected: "attendu",
    received: "reçu",
    results: { pass: "réussi", fail: "échoué", skipped: "non atteint" },
    effects: {
      KNOWN: "reconnaîtrait le membre",
      LINKED: "relierait le membre existant",
      JOINED: "ferait entrer le membre invité",
      CREATED: "créerait un membre",
    },
    refused: "serait refusée",
  },
  en: {
    passed: "The trial succeeded",
    failed: "The trial failed",
    nothing: "Nothing was changed: no member, no seat, no session.",
    advice: "What to change",
    would: "A real sign-in",
    person: "Person",
    attributes: "Attributes received",
    signatures: "Signatures",
    clock: "Clock difference",
    checks: "Checks",
    expected: "expected",
    received: "received",
    results: { pass: "passed", fail: "failed", skipped: "not reached" },
    effects: {
      KNOWN: "would recognise the member",
      LINKED: "would link the member that exists",
      JOINED: "would let the invited member in",
      CREATED: "would create a member",
    },
    refused: "would be refused",
  },
} as const;

/** The report of a trial: what was checked, what would happen, what to change (SAML-96). Values are masked in part. */
export function sendTestReport(req: Request, res: Response, { report, passed }: TestRun): void {
  const locale = localeOf(req.get("accept-language"));
  const w = words[locale];
  const { evidence, preview, hints } = report;
  const advice = hints.map((hint) => html`<li>${hintText(locale, hint)}</li>`);
  const signatures = evidence.signatures.map(
    (s) =>
      html`<li>
        ${s.on}: ${lastPart(s.algorithm)} / ${lastPart(s.digest)} <code>${s.certificate?.slice(0, 16) ?? "–"}</code>
      </li>`,
  );
  const body = html`<p>${w.nothing}</p>
    ${
      advice.length === 0
        ? []
        : [
            html`<h2>${w.advice}</h2>`,
            html`<ul>
              ${advice}
            </ul>`,
          ]
    }
    <dl>
      ${
        preview
          ? [
              html`<dt>${w.would}</dt>
                <dd>${preview.effect ? w.effects[preview.effect] : `${w.refused}: ${preview.refusal ?? ""}`}</dd>`,
            ]
          : []
      }
      ${
        preview
          ? [
              html`<dt>${w.person}</dt>
                <dd>${[preview.givenName, preview.familyName, preview.email].filter(Boolean).join(" · ") || "–"}</dd>`,
            ]
          : []
      }
      ${attributes(evidence.facts?.attributes ?? [], w.attributes)}
      ${
        signatures.length === 0
          ? []
          : [
              html`<dt>${w.signatures}</dt>
                <dd>
                  <ul>
                    ${signatures}
                  </ul>
                </dd>`,
            ]
      }
      ${
        evidence.clockOffsetSeconds === null
          ? []
          : [
              html`<dt>${w.clock}</dt>
                <dd>${evidence.clockOffsetSeconds} s</dd>`,
            ]
      }
    </dl>
    <h2>${w.checks}</h2>
    <ol>
      ${evidence.checks.map((line) => checkLine(locale, line))}
    </ol>`;
  sendPage(res, 200, { locale, title: passed ? w.passed : w.failed, body });
}

function checkLine(locale: PageLocale, { requirement, code, result, expected, received }: CheckLine): Markup {
  const w = words[locale];
  const values = [
    ...(expected === undefined ? [] : [html`${w.expected} <code>${expected}</code>`]),
    ...(received === undefined ? [] : [html` ${w.received} <code>${received}</code>`]),
  ];
  return html`<li><code>${requirement} ${code}</code> ${w.results[result]} ${values}</li>`;
}

function attributes(list: readonly { name: string; values: readonly string[] }[], title: string): Markup[] {
  if (list.length === 0) return [];
  const lines = list.map(({ name, values }) => html`<li><code>${name}</code> ${values.map(masked).join(", ")}</li>`);
  return [
    html`<dt>${title}</dt>`,
    html`<dd>
      <ul>
        ${lines}
      </ul>
    </dd>`,
  ];
}

// Enough to recognise a value, not enough to copy it off the screen (SAML-95).
function masked(value: string): string {
  return value.length <= 4 ? value : `${value.slice(0, 3)}…${value.slice(-2)}`;
}

function lastPart(uri: string | null): string {
  return uri?.split(/[#/]/).at(-1) ?? "–";
}
