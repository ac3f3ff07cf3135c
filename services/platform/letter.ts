/** The words of a short mail with one thing to do. */
export interface LetterText {
  readonly subject: string;
  readonly greeting: string;
  readonly paragraphs: readonly string[];
  readonly action: string;
  readonly closing: string;
}

/** Text for HTML: names of organizations and people are typed by people. */
export function escapeHtml(text: string): string {
  const entities: Readonly<Record<string, string>> = {
    "&": "&amp;",
    "<": "&lt;",
    ">": "&gt;",
    '"': "&quot;",
    "'": "&#39;",
  };
  return text.replace(/[&<>"']/g, (c) => entities[c] as string);
}

/** Both bodies of a letter: plain text, and HTML that reads well without images or scripts. */
export function letter(lang: string, words: LetterText, link: string): { subject: string; text: string; html: string } {
  const text = [words.greeting, ...words.paragraphs, `${words.action}: ${link}`, words.closing].join("\n\n");
  const paragraphs = [words.greeting, ...words.paragraphs].map((p) => `<p>${escapeHtml(p)}</p>`).join("\n");
  const button =
    "display:inline-block;padding:12px 20px;border-radius:6px;background:#1f4e79;color:#ffffff;text-decoration:none";
  const html = `<!doctype html>
<html lang="${lang}"><head><meta charset="utf-8"><title>${escapeHtml(words.subject)}</title></head>
<body style="font-family:system-ui,sans-serif;line-height:1.5;color:#1d1d1f;max-width:36em;margin:2em auto;padding:0 1em">
${paragraphs}
<p><a href="${escapeHtml(link)}" style="${button}">${escapeHtml(words.action)}</a></p>
<p style="color:#555555;font-size:0.9em">${escapeHtml(words.closing)}</p>
</body></html>
`;
  return { subject: words.subject, text: `${text}\n`, html };
}
