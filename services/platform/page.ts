import { randomBytes } from "node:crypto";
import type { Response } from "express";
import { escapeHtml } from "./letter";

export type PageLocale = "fr" | "en";

/** The reader's language by `Accept-Language`: French when it comes first, else English. */
export function localeOf(acceptLanguage: string | undefined): PageLocale {
  const wanted = (acceptLanguage ?? "")
    .split(",")
    .map((part) => {
      const [tag = "", ...parameters] = part.trim().toLowerCase().split(";");
      const q = parameters.map((p) => /^\s*q=([\d.]+)$/.exec(p)?.[1]).find(Boolean);
      return { lang: tag.slice(0, 2), q: q === undefined ? 1 : Number(q) };
    })
    .filter(({ lang, q }) => (lang === "fr" || lang === "en") && q > 0)
    .sort((a, b) => b.q - a.q);
  return wanted[0]?.lang === "fr" ? "fr" : "en";
}

/** Markup that is safe by construction: made by `html`, which escapes what it is given. */
export class Markup {
  constructor(readonly text: string) {}
}

/** Template tag: every value is escaped unless it is Markup already; arrays are joined. */
export function html(
  parts: TemplateStringsArray,
  ...values: readonly (string | number | Markup | readonly Markup[])[]
): Markup {
  const shown = (value: string | number | Markup | readonly Markup[]): string => {
    if (value instanceof Markup) return value.text;
    return typeof value === "object" ? value.map((v) => v.text).join("") : escapeHtml(String(value));
  };
  return new Markup(parts.reduce((text, part, i) => text + shown(values[i - 1] ?? "") + part));
}

export interface Page {
  readonly locale: PageLocale;
  readonly title: string;
  readonly body: Markup;
  /** Submits the page's one form by itself where scripts run. */
  readonly autoSubmit?: boolean;
  /** A script of our own, fixed text: what it needs of the page it reads from `data-` attributes. */
  readonly script?: string;
  /** Where forms may post besides this origin, e.g. an identity provider. */
  readonly formAction?: string;
  /** For pages with long values and lists. */
  readonly wide?: boolean;
}

const style = `
:root{color-scheme:light dark}
body{font:16px/1.5 system-ui,sans-serif;margin:0;min-height:100vh;display:grid;place-items:center;background:#f4f6f8;color:#1d2733}
main{background:#fff;width:calc(100% - 3rem);box-sizing:border-box;max-width:34rem;margin:1.5rem;padding:2rem 2.25rem;border-radius:12px;box-shadow:0 1px 3px #0002}
main.wide{max-width:52rem}
h1{font-size:1.35rem;margin:0 0 1rem}
h2{font-size:1.1rem;margin:1.75rem 0 .75rem}
h3{font-size:1rem;margin:1.25rem 0 .5rem}
li{margin-bottom:.35rem}
dd.copy{display:flex;gap:.6rem;align-items:flex-start}
dd.copy code{flex:1;padding:.4rem .55rem;max-height:6.5rem;overflow:auto;white-space:pre-wrap}
dd.copy button{flex:none;margin:0;padding:.3rem .7rem}
form+form{margin-top:1.25rem;padding-top:1.25rem;border-top:1px solid #9aa7b466}
li.fail{color:#a4262c;font-weight:600}li.skipped{color:#5b6875}
[role=note]{border-left:4px solid #f0a500;padding-left:.8rem}
p{margin:0 0 1rem}
label{display:block;font-weight:600;margin-bottom:.35rem}
input{font:inherit;width:100%;box-sizing:border-box;padding:.6rem .7rem;border:1px solid #9aa7b4;border-radius:8px;margin-bottom:1rem;background:#fff;color:inherit}
input[type=checkbox]{width:auto;margin:0 .5rem 0 0}
button,.button{font:inherit;font-weight:600;display:inline-block;padding:.6rem 1.1rem;border:0;border-radius:8px;background:#1f4e79;color:#fff;text-decoration:none;cursor:pointer;margin:0 .5rem .5rem 0}
button.quiet,.button.quiet{background:transparent;color:#1f4e79;box-shadow:inset 0 0 0 1px #1f4e79}
button:focus-visible,a:focus-visible,input:focus-visible{outline:3px solid #f0a500;outline-offset:2px}
code{font-family:ui-monospace,monospace;font-size:.92em;background:#eef2f6;padding:.1em .35em;border-radius:4px;word-break:break-all}
dl{margin:0}dt{font-weight:600}dd{margin:0 0 .7rem}
.small{color:#5b6875;font-size:.88rem}
@media (prefers-color-scheme:dark){body{background:#14191f;color:#e8edf2}main{background:#1e252d}input{background:#14191f;border-color:#4a5764}code{background:#2a333d}.small,li.skipped{color:#a9b5c1}li.fail{color:#ff9a9a}button.quiet,.button.quiet{color:#9cc4ec;box-shadow:inset 0 0 0 1px #9cc4ec}}
main>:last-child{margin-bottom:0}
`;

const product = "Plenum";

/** Sends a page for people: no script but a nonce'd submit, no frames, no cache, no referrer. */
export function sendPage(res: Response, status: number, page: Page): void {
  const nonce = randomBytes(16).toString("base64");
  const code = page.autoSubmit ? "document.forms[0].submit()" : page.script;
  const script = code === undefined ? "" : `<script nonce="${nonce}">${code}</script>`;
  res
    .status(status)
    .set({
      "Content-Type": "text/html; charset=utf-8",
      "Cache-Control": "no-store",
      "Referrer-Policy": "no-referrer",
      "X-Content-Type-Options": "nosniff",
      "X-Frame-Options": "DENY",
      "Content-Security-Policy": [
        "default-src 'none'",
        `style-src 'nonce-${nonce}'`,
        `script-src 'nonce-${nonce}'`,
        ...(page.script === undefined ? [] : ["connect-src 'self'"]),
        `form-action 'self'${page.formAction ? ` ${page.formAction}` : ""}`,
        "frame-ancestors 'none'",
        "base-uri 'none'",
      ].join("; "),
    })
    .end(
      `<!doctype html>
<html lang="${page.locale}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>${page.title === product ? product : `${escapeHtml(page.title)} · ${product}`}</title><style nonce="${nonce}">${style}</style></head>
<body><main${page.wide ? ' class="wide"' : ""}><h1>${escapeHtml(page.title)}</h1>
${page.body.text}
</main>${script}</body></html>
`,
    );
}
